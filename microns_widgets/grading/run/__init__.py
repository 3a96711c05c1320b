"""Runs submissions: the plan for one notebook, and many at a time here or on a cluster."""
