"""Synapses indexed by cell on both sides, in memory and as files."""
