"""Builds the course's site: pages that work from a disk, and without any other server."""

from microns_widgets.site.build import build_site as build_site
