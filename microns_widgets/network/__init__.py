"""The connectivity matrix: assembled, ordered, shuffled and summarised by type."""
