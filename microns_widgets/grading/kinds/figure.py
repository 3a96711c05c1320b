"""A figure, judged by its axes: marks with positions and colours, labels, legend."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from microns_widgets._typing import BoolArray, FloatArray
from microns_widgets.grading.kinds._judgement import Judgement, by_criteria, wrong
from microns_widgets.grading.kinds._payload import (
    LARGEST_AXES,
    LARGEST_LINE,
    LARGEST_MARKS,
    Damaged,
    count_of,
    list_of,
    number_of,
    table_of,
    text_of,
)
from microns_widgets.grading.kinds._same_marks import (
    same_line,
    same_pattern,
    same_values,
    tolerance,
    unequal_marks,
)
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = "a figure: what a plotting call returns, its axes or its figure"

#: Share of the axis's span within which two marks are the same if there are so many that only some
#: of them are stored.
NEAR = 0.005
#: Share of marks of one colour that may have another position.
COLOUR_SLIP = 0.02
#: Points of all lines of a figure.
_LARGEST_LINES = 100_000


@dataclass(frozen=True)
class Axis:
    """What an axis's label must contain: one of several words, and the unit; and its scale."""

    label: tuple[str, ...] = ()
    unit: str = ""
    scale: Literal["linear", "log"] | None = None


@dataclass(frozen=True)
class Options:
    """Options of a figure.

    Attributes
    ----------
    marks : {"points", "bars", "lines", "image", "any"}
        Which marks are compared. All axes with such marks are combined. With ``"any"``, a figure
        needs marks of some kind, and they are not compared.
    positions : {"xy", "x", "y", "none"}
        Which of their coordinates are compared; leave out one that is jittered.
    colours : bool
        Whether marks must be coloured by the same groups, in any colours.
    spare : int
        How many more or fewer marks there may be, such as one for the soma.
    x, y : Axis, optional
        What the axis's label must contain, and its scale.
    legend : bool
        Whether a legend must name the colours.
    rel, abs : float, optional
        Tolerances of positions, lengths and values: relative to the key's span on the axis, and
        absolute. Default: 1e-5 of the span.
    """

    marks: Literal["points", "bars", "lines", "image", "any"]
    positions: Literal["xy", "x", "y", "none"] = "xy"
    colours: bool = False
    spare: int = 0
    x: Axis | None = None
    y: Axis | None = None
    legend: bool = False
    rel: float | None = None
    abs: float | None = None


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"axes": [...]}`` with labels, legend, points, lines, bars and images."""
    # matplotlib takes half a second to import, and only figures need it.
    from microns_widgets.grading.kinds._drawn_marks import axes_of, axes_payload

    return {"axes": [axes_payload(ax) for ax in axes_of(value)]}


@dataclass(frozen=True)
class _Drawn:
    """The marks of a figure, for comparison."""

    n: int
    xy: FloatArray
    colours: list[str]
    labels: dict[str, list[tuple[str, str]]]
    legend: list[str]
    parts: list[Any]


def _read(payload: object, options: Options) -> _Drawn:
    axes = list_of(table_of(payload).get("axes"), table_of, LARGEST_AXES)
    n = 0
    places: list[tuple[float, float]] = []
    colours: list[str] = []
    parts: list[Any] = []
    labels: dict[str, list[tuple[str, str]]] = {"x": [], "y": []}
    legend: list[str] = []
    for ax in axes:
        legend += list_of(ax.get("legend"), text_of, 60)
        if options.marks in ("points", "bars"):
            number, xy, own = _marks(ax.get(options.marks))
        elif options.marks == "any":
            number, xy, own = _number_of_any(ax), [], []
        elif options.marks == "lines":
            lines = [_polyline(one) for one in list_of(ax.get("lines"), table_of, 100)]
            number, xy, own = len(lines), [], []
            parts += lines
            if sum(map(len, parts)) > _LARGEST_LINES:
                raise Damaged("too many points")
        else:
            images = [_picture(one) for one in list_of(ax.get("images"), table_of, 10)]
            number, xy, own = len(images), [], []
            parts += images
        if number:
            n, places, colours = n + number, places + xy, colours + own
            for name in ("x", "y"):
                axis = table_of(ax.get(name))
                labels[name].append((text_of(axis.get("label")), text_of(axis.get("scale"))))
    return _Drawn(n, np.array(places, dtype=float).reshape(-1, 2), colours, labels, legend, parts)


def _marks(payload: object) -> tuple[int, list[tuple[float, float]], list[str]]:
    marks = table_of(payload)
    x, y = (list_of(marks.get(name), number_of, LARGEST_MARKS) for name in ("x", "y"))
    names = list_of(marks.get("colours"), text_of, 1000)
    colour = list_of(marks.get("colour"), count_of, LARGEST_MARKS)
    if not len(x) == len(y) == len(colour) or any(one >= len(names) for one in colour):
        raise Damaged("lengths differ")
    if not all(map(math.isfinite, [*x, *y])):
        raise Damaged("a mark without a position")
    return (
        count_of(marks.get("n")),
        list(zip(x, y, strict=True)),
        [names[one] for one in colour],
    )


def _number_of_any(ax: dict[str, object]) -> int:
    lists = (list_of(ax.get("lines"), table_of, 100), list_of(ax.get("images"), table_of, 10))
    return sum(_marks(ax.get(name))[0] for name in ("points", "bars")) + sum(map(len, lists))


def _polyline(line: dict[str, object]) -> FloatArray:
    x, y = (list_of(line.get(name), number_of, LARGEST_LINE) for name in ("x", "y"))
    if len(x) != len(y) or not all(map(math.isfinite, [*x, *y])):
        raise Damaged("lengths differ")
    return np.array([x, y], dtype=float).T


@dataclass(frozen=True)
class _Picture:
    """An image: with its values, or if it is large, which pixels have one."""

    shape: list[int]
    values: FloatArray
    pixels: BoolArray | None


def _picture(image: dict[str, object]) -> _Picture:
    shape = list_of(image.get("shape"), count_of, 2)
    rows = list_of(image.get("entries"), lambda row: list_of(row, number_of, 100), 100)
    if len({len(row) for row in rows}) > 1:
        raise Damaged("lengths differ")
    pixels = None
    if "pixels" in image:
        width = count_of(image.get("width"))
        packed = list_of(image["pixels"], _bits, 400)
        if (
            not packed
            or not 0 < width <= 400
            or any(len(row) != math.ceil(width / 8) for row in packed)
        ):
            raise Damaged("lengths differ")
        bits = np.array([list(row) for row in packed], dtype=np.uint8).reshape(len(packed), -1)
        pixels = np.unpackbits(bits, axis=1)[:, :width].astype(bool)
    width = len(rows[0]) if rows else 0
    return _Picture(shape, np.array(rows, dtype=float).reshape(len(rows), width), pixels)


def _bits(row: object) -> bytes:
    text = text_of(row)
    if not re.fullmatch("(?:[0-9a-f]{2})*", text):
        raise Damaged("not hexadecimal")
    return bytes.fromhex(text)


def practice(payload: object, answer: Answer) -> list[str]:
    """Check for marks, labels with their units, and the legend."""
    options = answer.read(Options)
    drawn = _read(payload, options)
    if not drawn.n:
        return [_nothing(options)]
    complaints = [*_label_complaints(drawn, options, "x"), *_label_complaints(drawn, options, "y")]
    if options.legend and len(drawn.legend) < 2:
        complaints.append("has no legend that names its colours.")
    return complaints


def _nothing(options: Options) -> str:
    return f"shows no {'points, bars or lines' if options.marks == 'any' else options.marks}."


def _label_complaints(drawn: _Drawn, options: Options, name: Literal["x", "y"]) -> list[str]:
    axis = options.x if name == "x" else options.y
    if axis is None:
        return []
    labels = [_folded(label) for label, _ in drawn.labels[name]]
    if not any(labels):
        return [f"has no label on its {name} axis."]
    if axis.label and not any(_folded(word) in label for word in axis.label for label in labels):
        words = " or ".join(repr(word) for word in axis.label)
        return [f"has a label on its {name} axis that does not contain {words}."]
    if axis.unit and not any(_folded(axis.unit) in label for label in labels):
        return [f"has a label on its {name} axis without the unit {axis.unit}."]
    if axis.scale and all(scale != axis.scale for _, scale in drawn.labels[name]):
        return [f"has a {name} axis that is not {axis.scale}."]
    return []


def _folded(label: str) -> str:
    return label.casefold().replace("µ", "u").replace("μ", "u").replace("$\\mu$", "u")


def summary(payload: object) -> str:
    """Return the number of axes, and their labels."""
    axes = list_of(table_of(payload).get("axes"), table_of, LARGEST_AXES)
    labels = [
        " against ".join(
            text_of(table_of(ax.get(name)).get("label")) or "no label" for name in "yx"
        )
        for ax in axes
    ]
    return f"{len(axes)} axes: {'; '.join(labels[:4])}"


# A forged coordinate may be so large that a difference overflows.
@np.errstate(all="ignore")
def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare the marks, colours, legend and labels.

    The number and positions of the marks count twice; colours, legend and the label of each
    axis once. If the marks are wrong, nothing else counts.
    """
    options = answer.read(Options)
    actual, expected = _read(payload, options), _read(key, options)
    if not actual.n:
        return wrong(_nothing(options))
    too_many = options.marks != "any" and abs(actual.n - expected.n) > options.spare
    marks = [_number(actual, options)] if too_many else []
    marks += _misplaced(actual, expected, options)
    checks = [
        *([_miscoloured(actual, expected, options)] if options.colours else []),
        *([_label_complaints(actual, options, "x")] if options.x else []),
        *([_label_complaints(actual, options, "y")] if options.y else []),
    ]
    if options.legend:
        few = len(actual.legend) < max(2, len(set(expected.colours)))
        checks.append(["has no legend that names each of its colours."] if few else [])
    missed = [complaint for complaints in checks for complaint in complaints]
    return wrong(*marks, *missed) if marks else by_criteria(missed, 2 + len(checks))


@np.errstate(all="ignore")
def alike(payload: object, other: object, answer: Answer) -> bool:
    """Return whether two figures show, and lack, the same."""
    options = answer.read(Options)
    actual, expected = (_read(one, options) for one in (payload, other))
    return (
        actual.n == expected.n
        and practice(payload, answer) == practice(other, answer)
        and (not actual.n or not _misplaced(actual, expected, options))
        and (not options.colours or not _miscoloured(actual, expected, options))
    )


def _number(actual: _Drawn, options: Options) -> str:
    return f"shows {actual.n:,} {options.marks}, which is not the expected number."


def _misplaced(actual: _Drawn, expected: _Drawn, options: Options) -> list[str]:
    if options.positions == "none" or options.marks == "any":
        return []
    if options.marks == "lines":
        off = _unmatched_lines(actual, expected, options)
        return [f"lacks {off} of the expected lines."] if off else []
    if options.marks == "image":
        same = all(
            any(_same_picture(one, other, options) for other in actual.parts)
            for one in expected.parts
        )
        return [] if same else ["shows an image with other values or in a different order."]
    off = _unequal(actual, expected, options)
    return [f"has {off:,} {options.marks} misplaced or missing."] * (off > options.spare)


def _on_axis(values: FloatArray, base: FloatArray, expected: _Drawn, name: str) -> FloatArray:
    """Return values on an axis: logarithms if that of the key, with its values, is logarithmic."""
    is_log = any(scale == "log" for _, scale in expected.labels[name])
    return np.log10(np.maximum(values, 1e-300)) if is_log and (base > 0).all() else values


def _scaled(drawn: _Drawn, expected: _Drawn, options: Options) -> FloatArray:
    """Return the compared coordinates, in units of their tolerances."""
    columns = []
    for place, name in enumerate("xy"):
        if name in options.positions:
            base = expected.xy[:, place]
            unit = tolerance(_on_axis(base, base, expected, name), options.rel, options.abs)
            columns.append(_on_axis(drawn.xy[:, place], base, expected, name) / (unit or 1.0))
    return np.column_stack(columns)


def _unequal(actual: _Drawn, expected: _Drawn, options: Options) -> int:
    own, key = (_scaled(one, expected, options) for one in (actual, expected))
    if max(actual.n, expected.n) <= LARGEST_MARKS:
        return unequal_marks(own, key)
    # Only some of the marks are stored: each must be near one of the other figure's.
    near = np.maximum(NEAR * np.ptp(key, axis=0), 1) if len(key) else 1.0
    return max(0, unequal_marks(own / near, key / near) - abs(actual.n - expected.n))


def _miscoloured(actual: _Drawn, expected: _Drawn, options: Options) -> list[str]:
    """Compare the positions of the marks of each colour, whichever colour it is.

    Marks cannot be compared one by one: if several have the same position, it is unknown which
    of them has which colour.
    """
    groups = _by_colour(actual, expected, options)
    for marks in _by_colour(expected, expected, options):
        match = next((i for i, own in enumerate(groups) if _same_group(marks, own)), None)
        if match is None:
            return ["does not colour its marks by the required groups."]
        del groups[match]
    return []


def _by_colour(drawn: _Drawn, expected: _Drawn, options: Options) -> list[FloatArray]:
    colours = np.array(drawn.colours, dtype=object)
    xy = _scaled(drawn, expected, options)
    groups = [xy[colours == colour] for colour in dict.fromkeys(drawn.colours)]
    return sorted(groups, key=len, reverse=True)


def _same_group(ours: FloatArray, theirs: FloatArray) -> bool:
    slips = 1 + COLOUR_SLIP * len(ours) if len(ours) > 20 else 0
    return unequal_marks(theirs, ours) <= slips


def _unmatched_lines(actual: _Drawn, expected: _Drawn, options: Options) -> int:
    """Return how many of the key's lines are not among those of a figure."""
    if not any(map(len, expected.parts)):
        return 0
    base = np.concatenate(expected.parts)
    ours, theirs = (
        [
            np.column_stack([_on_axis(line[:, p], base[:, p], expected, "xy"[p]) for p in (0, 1)])
            for line in one.parts
        ]
        for one in (expected, actual)
    )
    points = np.concatenate(ours)
    equal = np.array([tolerance(points[:, axis], options.rel, options.abs) for axis in (0, 1)])
    rest = list(theirs)
    for one in ours:
        match = next((p for p, other in enumerate(rest) if same_line(one, other, equal)), None)
        if match is not None:
            del rest[match]
    return len(ours) - (len(theirs) - len(rest))


def _same_picture(ours: _Picture, theirs: _Picture, options: Options) -> bool:
    if ours.pixels is None or theirs.pixels is None:
        values = ours.values[np.isfinite(ours.values)]
        return (
            ours.pixels is theirs.pixels
            and ours.shape == theirs.shape
            and same_values(ours.values, theirs.values, tolerance(values, options.rel, options.abs))
        )
    # The extent of an image may be rounded.
    off = [abs(n - m) for n, m in zip(ours.shape, theirs.shape, strict=False)]
    return len(theirs.shape) == 2 and max(off) <= 1 and same_pattern(ours.pixels, theirs.pixels)
