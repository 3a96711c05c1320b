"""Finds what was handed in, and by whom: learning systems' exports and the roster."""
