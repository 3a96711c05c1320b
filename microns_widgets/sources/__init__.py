"""Where data come from: the built-in sample, a folder, the workshop's files, or CAVE."""

from __future__ import annotations
