"""Writes the results of grading: tables for learning systems, pages for people."""
