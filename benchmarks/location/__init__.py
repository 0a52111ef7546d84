"""Capacitated facility location: how many times as long HiGHS takes as microdc."""
