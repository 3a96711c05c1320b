"""CAVE, the service that hosts MICrONS: tables and skeletons."""

from microns_widgets.sources.cave.client import connect
from microns_widgets.sources.cave.dataset import fetch_dataset, load_cave
from microns_widgets.sources.cave.skeletons import CaveSkeletons

__all__ = ["CaveSkeletons", "connect", "fetch_dataset", "load_cave"]
