"""The cell table and the synapse table: reading, checks, filters and root ids."""
