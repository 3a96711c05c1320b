"""Generates student notebooks, keys and the Gradescope archive from a master notebook."""
