"""The connectivity matrix: assembled, ordered, summarised by type, compared with chance."""
