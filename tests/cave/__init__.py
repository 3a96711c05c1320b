"""A local CAVE server for tests and demonstrations; see `tests.cave.server`."""
