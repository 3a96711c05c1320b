"""Writes what Python and the front end must agree on to a TypeScript file.

Limits, choices, defaults and column lists are defined once, in Python. ``python -m
tools.front_end_contract`` writes them to ``frontend/src/shared/contract.ts``, which is kept in
git; a test compares it with what this module would write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np

from microns_widgets._csv import FORMULA
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.depth import LAYER_BORDERS_UM
from microns_widgets.dynamics.rate_model import FADES
from microns_widgets.errors import SkeletonNotFound
from microns_widgets.network.entries import VALUES, VALUES_WITHOUT_SIZES
from microns_widgets.network.null_kinds import NULL_KINDS
from microns_widgets.plots.morphologies import _USUAL_SOMA, cell_cycle
from microns_widgets.sources.cave.tokens import TOKEN_DIGITS
from microns_widgets.sources.public_skeletons import FOLDERS
from microns_widgets.tables.label_names import PROOFREAD, SEARCH_NAMES, SHORTEST_NAME
from microns_widgets.tables.source import NO_SIZES
from microns_widgets.widgets import _search, columns
from microns_widgets.widgets._check_text import CHECK_TEXT
from microns_widgets.widgets._display import ALIVE, STILL_NOTE
from microns_widgets.widgets._filters import ARGUMENTS
from microns_widgets.widgets._light_markdown import LIGHT_MARKDOWN
from microns_widgets.widgets._link_rules import TRAITS
from microns_widgets.widgets._matrix_chance import FEWEST_EXPECTED, MOST_NETWORKS
from microns_widgets.widgets._matrix_data import TEXT_COLUMNS as MATRIX_COLUMNS
from microns_widgets.widgets._matrix_view import VIEW_TRAITS
from microns_widgets.widgets._picker_table import COLUMNS as PICKER_COLUMNS
from microns_widgets.widgets._picker_table import SKELETON_COLUMN
from microns_widgets.widgets._player_code import SETTINGS
from microns_widgets.widgets._player_data import RATIOS
from microns_widgets.widgets._python_code import INVISIBLE
from microns_widgets.widgets._token_status import STATES, Saved
from microns_widgets.widgets._traits import LARGEST_SELECTION, Number
from microns_widgets.widgets._viewer_traits import (
    CHOICES,
    DEFAULT_CAMERA,
    SYNAPSE_OPACITY,
    SYNAPSE_SCALE,
    VIEWS,
)
from microns_widgets.widgets.activity_player import ActivityPlayer
from microns_widgets.widgets.explorer import COLUMNS, NARROWEST
from microns_widgets.widgets.matrix_explorer import COLORMAPS, ORDERS, MatrixExplorer
from microns_widgets.widgets.self_check import CHECKS_CHANGED, CHECKS_KEPT
from microns_widgets.widgets.skeleton_viewer import MOST_CELLS

CONTRACT = Path(__file__).parents[1] / "frontend" / "src" / "shared" / "contract.ts"
HEADER = """\
// Constants that Python and the browser must agree on. Generated from Python: do not edit, but run
// `python -m tools.front_end_contract`.
"""
# As Biome formats it.
LINE_WIDTH = 100


class Constant(NamedTuple):
    """A constant of the front end: its name, what it is for, and its value as plain JSON."""

    name: str
    about: str
    value: Any


def constants() -> list[Constant]:
    """Return all constants, in the order of the file."""
    traits = MatrixExplorer.class_traits()
    player = ActivityPlayer.class_traits()
    return [
        Constant(
            "LARGEST_SELECTION", "Most cells that can be selected in a widget.", LARGEST_SELECTION
        ),
        Constant("STILL_NOTE", "Class of the line below a widget's still picture.", STILL_NOTE),
        Constant("ALIVE", "Class of the element in which a widget is running.", ALIVE),
        Constant("NO_SIZES", "Part of the source of data whose synapses have no size.", NO_SIZES),
        Constant(
            "VALUES_WITHOUT_SIZES",
            "What a matrix entry can represent if synapses have no size.",
            VALUES_WITHOUT_SIZES,
        ),
        Constant("LINK_TRAITS", "Traits that express a choice, by kind of widget.", TRAITS),
        Constant("LARGEST_ROOT_ID", "Root ids have 64 bits.", str(np.iinfo(np.int64).max)),
        Constant("CSV_FORMULA", "Matches a cell that a spreadsheet might run.", FORMULA),
        Constant("INVISIBLE_CHARACTERS", "Characters that code shows as escapes.", INVISIBLE),
        Constant("TABLE_MAGIC", "The first bytes of a packed table.", columns.MAGIC.decode()),
        Constant("TABLE_TYPES", "Number types in packed tables.", columns.TYPES),
        Constant("MISSING_FLAG", "A missing value in a column of flags.", columns.MISSING_FLAG),
        Constant("PICKER_COLUMNS", "Columns of the cell picker's table, in order.", PICKER_COLUMNS),
        Constant(
            "SKELETON_COLUMN", "Whether a cell has a skeleton, if that is known.", SKELETON_COLUMN
        ),
        Constant(
            "SELECT_ARGUMENTS", "Arguments of Connectome.select, by column, in order.", ARGUMENTS
        ),
        Constant(
            "SEARCH_NAMES", "Names by which the picker's search finds labels.", dict(SEARCH_NAMES)
        ),
        Constant("PROOFREAD_NAME", "A name of every strategy of proofreading.", PROOFREAD),
        Constant(
            "SEARCH_RULES",
            "When the search looks in the middle of ids, and how many typing slips it forgives.",
            {
                "middle_of_id": _search.MIDDLE_OF_ID,
                "one_slip": _search.ONE_SLIP,
                "two_slips": _search.TWO_SLIPS,
                "most_meant": _search.MOST_MEANT,
                "shortest_name": SHORTEST_NAME,
            },
        ),
        Constant("LAYER_WORDS", "The layer that a word of the search means.", _search.LAYER_WORDS),
        Constant(
            "LAYER_BORDERS_UM",
            "Top and bottom of the layers, in um below the pia.",
            [[name, *borders] for name, borders in LAYER_BORDERS_UM.items()],
        ),
        Constant(
            "VIEWER_CHOICES", "Choices of the viewer's traits; the first is the default.", CHOICES
        ),
        Constant("SYNAPSE_SCALE", "Least and most of synapse_scale.", SYNAPSE_SCALE),
        Constant("SYNAPSE_OPACITY", "Least and most of synapse_opacity.", SYNAPSE_OPACITY),
        Constant(
            "SWC_FOLDERS",
            "Folders of public SWC files in search order, with what each adds to captions.",
            FOLDERS,
        ),
        Constant("CAMERA_VIEWS", "The viewer's views.", VIEWS),
        Constant("DEFAULT_CAMERA", "The viewer's first camera.", DEFAULT_CAMERA),
        Constant("MOST_VIEWER_CELLS", "Most cells in a viewer.", MOST_CELLS),
        Constant("COMPARTMENTS", "Numbers of the compartments.", COMPARTMENTS),
        Constant(
            "DEFAULT_SOMA_RADIUS",
            "Smallest radius of a soma in pictures, also used where it is unknown (um).",
            _USUAL_SOMA,
        ),
        Constant(
            "SKELETON_NOT_FOUND",
            "Name of the error of a cell without a skeleton.",
            SkeletonNotFound.__name__,
        ),
        Constant(
            "CELL_CYCLE",
            "Types whose colours tell cells apart, in the order of their use.",
            cell_cycle(),
        ),
        Constant("MATRIX_VALUES", "Values of matrix entries.", list(VALUES)),
        Constant("VALUE_TITLES", "Titles of the values of matrix entries.", VALUES),
        Constant("TYPE_VALUES", "Values of the view by type.", traits["type_value"].values),
        Constant("NULL_KINDS", "Kinds of random networks, and what they keep.", NULL_KINDS),
        Constant("MOST_NETWORKS", "Random networks of a comparison.", MOST_NETWORKS),
        Constant(
            "FEWEST_EXPECTED",
            "Ratios to fewer expected pairs are noise, and are not shown.",
            FEWEST_EXPECTED,
        ),
        Constant("SHOW_CHOICES", "What the explorer can show.", traits["show"].values),
        Constant("PIXEL_CHOICES", "What a pixel can show.", traits["pixel"].values),
        Constant("COLORMAPS", "The explorer's colour scales.", COLORMAPS),
        Constant("ORDERS", "Orders of an axis other than columns of the cell table.", ORDERS),
        Constant(
            "MATRIX_COLUMNS",
            "Columns of the cell table by which cells are ordered and grouped.",
            MATRIX_COLUMNS,
        ),
        Constant(
            "EXPLORER_DEFAULTS",
            "Defaults of the explorer's traits, in the order of 'copy as Python'.",
            {name: traits[name].default() for name in VIEW_TRAITS},
        ),
        Constant(
            "PLAYER_DEFAULTS",
            "Defaults of the player's traits, in the order of 'copy as Python'.",
            {name: player[name].default() for name in SETTINGS},
        ),
        Constant("FADES", "Activity fades below this spectral radius or abscissa.", FADES),
        Constant("PLAYER_LIMITS", "Least and most of the player's numbers.", _limits(player)),
        Constant(
            "INHIBITION_SLIDER",
            "Ratios of inhibition to excitation that the player offers, from 0.",
            {"most": RATIOS[-1], "step": RATIOS[1]},
        ),
        Constant("EXPLORER_COLUMNS", "Widths of the explorer's columns in percent.", COLUMNS),
        Constant("NARROWEST_COLUMN", "Narrowest column of the explorer in percent.", NARROWEST),
        Constant("TOKEN_DIGITS", "Hexadecimal digits of a CAVE token.", TOKEN_DIGITS),
        Constant("TOKEN_STATES", "States of the token panel.", list(STATES)),
        Constant(
            "TOKEN_SAVED",
            "Whether the token is saved; other: another token is saved in its place.",
            get_args(Saved),
        ),
        Constant("CHECK_TEXT", "Class of a question where no widget runs.", CHECK_TEXT),
        Constant("LIGHT_MARKDOWN", "Matches code, emphasis and links in a text.", LIGHT_MARKDOWN),
        Constant("CHECKS_KEPT", "Where a browser keeps answers, before the chapter.", CHECKS_KEPT),
        Constant("CHECKS_CHANGED", "Event when an answer is kept or forgotten.", CHECKS_CHANGED),
    ]


def _limits(traits: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    return {name: traits[name].limits for name in SETTINGS if isinstance(traits[name], Number)}


def contract() -> str:
    """Return the contents of the file."""
    return "\n".join([HEADER, *map(_declaration, constants())])


def _declaration(constant: Constant) -> str:
    name, about, value = constant
    fixed = "" if isinstance(value, int | float | str) else " as const"
    start = f"export const {name} = "
    written = _literal(value, len(start), fixed + ";")
    if isinstance(value, str) and len(f"{start}{written};") > LINE_WIDTH:
        start = f"{start.rstrip()}\n  "
    return f"/** {about} */\n{start}{written}{fixed};\n"


def _literal(value: Any, column: int, after: str, indent: int = 0) -> str:
    """Return a value as TypeScript, as Biome formats it where it begins at a column."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:_}"
    if not value or not isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    inner, outer = " " * (indent + 2), " " * indent
    if isinstance(value, Mapping):
        lines = []
        for key, one in value.items():
            start = f"{inner}{key if key.isidentifier() else json.dumps(key)}: "
            written = _literal(one, len(start), ",", indent + 2)
            # A text that is too long goes on a line of its own.
            if isinstance(one, str) and len(f"{start}{written},") > LINE_WIDTH:
                start = f"{start.rstrip()}\n{inner}  "
            lines.append(f"{start}{written},\n")
        return f"{{\n{''.join(lines)}{outer}}}"
    items = [_literal(one, 0, ",", indent + 2) for one in value]
    line = f"[{', '.join(items)}]"
    if column + len(line) + len(after) <= LINE_WIDTH:
        return line
    return "".join(["[\n", *(f"{inner}{item},\n" for item in items), outer, "]"])


if __name__ == "__main__":
    CONTRACT.write_text(contract(), encoding="utf-8")
