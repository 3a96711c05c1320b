"""The whole dataset: an index built out of core, and statistics of the whole dataset."""
