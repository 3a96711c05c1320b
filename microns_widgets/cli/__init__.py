"""The command ``microns``: one module for each subcommand."""

# The help lists them in this order.
# isort: off
from microns_widgets.cli._app import app
from microns_widgets.cli import assign as assign
from microns_widgets.cli import data as data
from microns_widgets.cli import grade as grade
from microns_widgets.cli import index as index
from microns_widgets.cli import keys as keys
from microns_widgets.cli import lab as lab
from microns_widgets.cli import review as review
from microns_widgets.cli import site as site
from microns_widgets.cli import stats as stats
# isort: on

__all__ = ["app"]
