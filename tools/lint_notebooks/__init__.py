"""Checks the conventions for notebooks in ``docs/authors.md``, and the wording of all prose."""
