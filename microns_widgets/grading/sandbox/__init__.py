"""Runs untrusted notebooks: isolated, limited, with careful reading of their output.

It knows cells, questions and limits, and nothing of learning systems, keys or marks.

`steps` is the entry point, and `settings` what it takes. Outside the sandbox, `base` and
the three kinds `bubblewrap`, `separate_user` and `unsafe` prepare a place for one run, `watch`
ends a run that exceeds its limits, `records` reads its output. Inside, `start` gives up all
rights and `driver` runs the cells.
"""
