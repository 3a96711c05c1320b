"""A figure, judged by its axes: marks with positions and colours, labels, legend."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from microns_widgets._typing import FloatArray, IntArray
from microns_widgets.grading.kinds._judgement import Judgement, by_criteria, wrong
from microns_widgets.grading.kinds._payload import (
    LARGEST_AXES,
    LARGEST_MARKS,
    Damaged,
    count_of,
    list_of,
    number_of,
    table_of,
    text_of,
)
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = "a figure: what a plotting call returns, its axes or its figure"

#: Share of the axis's span within which two marks have the same position.
NEAR = 0.005
#: Share of marks of one colour that may have another position.
COLOUR_SLIP = 0.02
#: Correlation above which two images are the same, however the cells within a type are ordered.
ALIKE = 0.95


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
    marks : {"points", "bars", "lines", "image"}
        Which marks are compared. All axes with such marks are combined.
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
    """

    marks: Literal["points", "bars", "lines", "image"]
    positions: Literal["xy", "x", "y", "none"] = "xy"
    colours: bool = False
    spare: int = 0
    x: Axis | None = None
    y: Axis | None = None
    legend: bool = False


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
        elif options.marks == "lines":
            lines = [_polyline(one) for one in list_of(ax.get("lines"), table_of, 100)]
            number, xy, own = len(lines), [], []
            parts += lines
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


def _polyline(line: dict[str, object]) -> FloatArray:
    x, y = (list_of(line.get(name), number_of, 1000) for name in ("x", "y"))
    if len(x) != len(y):
        raise Damaged("lengths differ")
    return np.array([x, y], dtype=float)


def _picture(image: dict[str, object]) -> tuple[list[int], FloatArray]:
    shape = list_of(image.get("shape"), count_of, 2)
    rows = list_of(image.get("entries"), lambda row: list_of(row, number_of, 100), 100)
    if len({len(row) for row in rows}) > 1:
        raise Damaged("lengths differ")
    return shape, np.array(rows, dtype=float)


def practice(payload: object, answer: Answer) -> list[str]:
    """Check for marks, labels with their units, and the legend."""
    options = answer.read(Options)
    drawn = _read(payload, options)
    if not drawn.n:
        return [f"shows no {options.marks}."]
    complaints = [*_label_complaints(drawn, options, "x"), *_label_complaints(drawn, options, "y")]
    if options.legend and len(drawn.legend) < 2:
        complaints.append("has no legend that names its colours.")
    return complaints


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
        " against ".join(text_of(table_of(ax.get(name)).get("label")) or "?" for name in "yx")
        for ax in axes
    ]
    return f"{len(axes)} axes: {'; '.join(labels[:4])}"


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare the marks, colours, legend and labels.

    The number and positions of the marks count twice; colours, legend and the label of each
    axis once. If the marks are wrong, nothing else counts.
    """
    options = answer.read(Options)
    actual, expected = _read(payload, options), _read(key, options)
    if not actual.n:
        return wrong(f"shows no {options.marks}.")
    marks = [] if abs(actual.n - expected.n) <= options.spare else [_number(actual, options)]
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


def alike(payload: object, other: object, answer: Answer) -> bool:
    """Return whether two figures show, and lack, the same."""
    options = answer.read(Options)
    actual, expected = _read(payload, options), _read(other, options)
    return (
        actual.n == expected.n
        and practice(payload, answer) == practice(other, answer)
        and (not actual.n or not _misplaced(actual, expected, options))
        and (not options.colours or not _miscoloured(actual, expected, options))
    )


def _number(actual: _Drawn, options: Options) -> str:
    return f"shows {actual.n:,} {options.marks}, which is not the expected number."


def _misplaced(actual: _Drawn, expected: _Drawn, options: Options) -> list[str]:
    if options.positions == "none":
        return []
    if options.marks == "lines":
        off = _unmatched(expected.parts, actual.parts, _same_line)
        return [f"lacks {off} of the expected lines."] if off else []
    if options.marks == "image":
        off = _unmatched(expected.parts, actual.parts, _same_picture)
        return ["shows an image with other values or in a different order."] if off else []
    own, key = (_scaled(one, expected, options) for one in (actual, expected))
    off = int((_nearest(own, key)[0] > NEAR).sum() + (_nearest(key, own)[0] > NEAR).sum())
    return [f"has {off:,} {options.marks} misplaced or missing."] * (off > options.spare)


def _scaled(drawn: _Drawn, expected: _Drawn, options: Options) -> FloatArray:
    """Return coordinates in units of the key's span, logarithmic if its axis is."""
    columns = [place for place, name in enumerate("xy") if name in options.positions]
    xy, base = drawn.xy[:, columns].copy(), expected.xy[:, columns].copy()
    for place, column in enumerate(columns):
        scales = [scale for _, scale in expected.labels["xy"[column]]]
        if "log" in scales and (base[:, place] > 0).all():
            base[:, place] = np.log10(base[:, place])
            xy[:, place] = np.log10(np.maximum(xy[:, place], 1e-300))
    span = np.ptp(base, axis=0) if len(base) else np.ones(len(columns))
    return np.asarray(xy / np.where(span > 0, span, np.maximum(np.abs(base[:1]), 1)))


def _nearest(points: FloatArray, among: FloatArray) -> tuple[FloatArray, IntArray]:
    # scipy.spatial takes a tenth of a second to import, and only figures need it.
    from scipy.spatial import KDTree

    if not points.shape[1]:
        return np.zeros(len(points)), np.zeros(len(points), dtype=np.int64)
    if not len(points) or not len(among):
        return np.full(len(points), np.inf), np.zeros(len(points), dtype=np.int64)
    distance, place = KDTree(among).query(points)
    return np.asarray(distance), np.asarray(place)


def _miscoloured(actual: _Drawn, expected: _Drawn, options: Options) -> list[str]:
    """Compare the positions of the marks of each colour, whichever colour it is.

    Marks cannot be compared one by one: if several have the same position, it is unknown which
    of them has which colour.
    """
    groups = _by_colour(actual, expected, options)
    for marks in _by_colour(expected, expected, options):
        match = next((i for i, own in enumerate(groups) if _same_marks(marks, own)), None)
        if match is None:
            return ["does not colour its marks by the required groups."]
        del groups[match]
    return []


def _by_colour(drawn: _Drawn, expected: _Drawn, options: Options) -> list[FloatArray]:
    colours = np.array(drawn.colours, dtype=object)
    xy = _scaled(drawn, expected, options)
    groups = [xy[colours == colour] for colour in dict.fromkeys(drawn.colours)]
    return sorted(groups, key=len, reverse=True)


def _same_marks(ours: FloatArray, theirs: FloatArray) -> bool:
    slips = 1 + COLOUR_SLIP * len(ours) if len(ours) > 20 else 0
    if abs(len(ours) - len(theirs)) > slips:
        return False
    off = sum(int((_nearest(a, b)[0] > NEAR).sum()) for a, b in ((ours, theirs), (theirs, ours)))
    return off <= slips


def _unmatched(expected: list[Any], actual: list[Any], same: Any) -> int:
    rest = list(actual)
    for one in expected:
        match = next((place for place, other in enumerate(rest) if same(one, other)), None)
        if match is not None:
            del rest[match]
    return len(expected) - (len(actual) - len(rest))


def _same_line(ours: FloatArray, theirs: FloatArray) -> bool:
    if not ours.size or not theirs.size:
        return ours.size == theirs.size
    low, high = ours.min(axis=1), ours.max(axis=1)
    span = np.where(high > low, high - low, 1)
    shift = np.abs([theirs.min(axis=1) - low, theirs.max(axis=1) - high])
    if shift.max(initial=0) / span.min() > 1:
        return False
    scaled = [((one.T - low) / span) for one in (ours, theirs)]
    return bool((_nearest(scaled[0], scaled[1])[0] < 0.02).mean() > 0.95)


def _same_picture(ours: Any, theirs: Any) -> bool:
    (shape, entries), (other_shape, other_entries) = ours, theirs
    if shape != other_shape or entries.shape != other_entries.shape:
        return False
    a, b = (
        np.nan_to_num(one, nan=0, posinf=0, neginf=0).ravel() for one in (entries, other_entries)
    )
    if not a.std() or not b.std():
        return bool(np.allclose(a, b))
    return bool(np.corrcoef(a, b)[0, 1] > ALIKE)
