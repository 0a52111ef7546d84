"""Promises on whoever serves demand beside the sites."""
