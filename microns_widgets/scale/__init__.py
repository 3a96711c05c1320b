"""The whole dataset: builds an index that is larger than memory, and computes statistics."""
