"""Builds the course's site: pages that need no other server and also open from a local folder."""

from microns_widgets.site.build import build_site as build_site
