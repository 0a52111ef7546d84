"""Promises on outages: what is to be survived is survived, and loses what the plan says."""
