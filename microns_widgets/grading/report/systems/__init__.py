"""Grades and feedback in the forms that learning systems import."""
