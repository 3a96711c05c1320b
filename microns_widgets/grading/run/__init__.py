"""Runs submissions, several at a time, on this machine or on a cluster."""
