"""Widgets: what a student sees and touches in a notebook."""
