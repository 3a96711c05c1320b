"""``python -m microns_widgets.cli``, where the command is not on the PATH."""

from microns_widgets.cli import app

app(prog_name="microns")
