"""The whole dataset: an index built out of core, and statistics over everything in it."""
