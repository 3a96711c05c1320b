"""The viewer's partner table: Python gives the same rows by the line that the table copies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import microns_widgets as mw

CASES = json.loads(
    (Path(__file__).parents[2] / "frontend" / "test" / "fixtures" / "partner-code.json").read_text()
)["cases"]


def run(code: str, con: mw.Connectome) -> pd.DataFrame:
    """Run a copied line in a notebook that has a connectome; return the value of its last line."""
    *before, last = code.split("\n")
    names: dict[str, Any] = {"con": con, "mw": mw}
    exec("\n".join(before), names)  # our own fixture
    return eval(last, names)


def expected_rows(con: mw.Connectome, content: dict[str, Any]) -> dict[Any, list[int]]:
    """Compute the table by hand: synapses in and out, summed sizes in and out."""
    cells, known = content["cells"], set(con.root_ids.tolist())
    rows: dict[Any, list[int]] = {}
    for cell in map(int, cells):
        for direction, frame, column in (
            (0, con.inputs(cell), "pre_pt_root_id"),
            (1, con.outputs(cell), "post_pt_root_id"),
        ):
            if content["directions"] not in ("both", ["inputs", "outputs"][direction]):
                continue
            for partner, size in zip(frame[column], frame["size"], strict=True):
                row = rows.setdefault(int(partner), [0, 0, 0, 0])
                row[direction] += 1
                row[2 + direction] += int(size)
    types = dict(zip(con.root_ids.tolist(), con.labels(con.root_ids), strict=True))
    group = {i: f"t{types[i]}" if i in known else "fragments" for i in rows}
    left = {
        i: row
        for i, row in rows.items()
        if sum(row[:2]) >= content["least"] and content["group"] in ("", group[i])
    }
    if not content["byType"]:
        return left
    totals: dict[Any, list[int]] = {}
    for i, row in left.items():
        name = "fragment" if group[i] == "fragments" else group[i][1:]
        before = totals.get(name, [0] * 5)
        totals[name] = [a + b for a, b in zip(before, [*row, 1], strict=True)]
    return totals


@pytest.mark.parametrize("name", CASES)
def test_the_copied_line_gives_the_rows_of_the_table(sample: mw.Connectome, name: str) -> None:
    content, code = CASES[name]["content"], CASES[name]["code"]
    expected = expected_rows(sample, content)
    if not expected:  # the sample has no cell without a type
        assert run(code.split(".pivot_table")[0], sample).empty
        return
    table = run(code, sample)
    values = ["n_synapses", "size_sum"] if content["hasSizes"] else ["n_synapses"]
    columns = [(value, side) for value in values for side in ("input", "output")]
    found = {
        key if content["byType"] else key[0]: [
            int(row.get(column, 0)) for column in [*columns, ("n_partners", "")] if column in row
        ]
        for key, row in table.iterrows()
    }
    sides = {"both": [0, 1], "inputs": [0], "outputs": [1]}[content["directions"]]
    places = [2 * value + side for value in range(len(values)) for side in sides]
    wanted = [*places, 4] if content["byType"] else places
    assert found == {key: [row[place] for place in wanted] for key, row in expected.items()}


def pairs_with_synapses(con: mw.Connectome) -> list[tuple[int, int]]:
    """Return pairs that are connected, among them some in both directions."""
    ids = con.select(proofread=True)
    count = con.matrix(ids, ids, "count", autapses=False).to_frame().to_numpy()
    both = [(i, j) for i, j in zip(*(count * count.T).nonzero(), strict=True)]
    one = [(i, j) for i, j in zip(*count.nonzero(), strict=True)]
    return [(int(ids[i]), int(ids[j])) for i, j in (both[:3] + one[:5])]


def test_a_pair_shows_exactly_the_synapses_between_its_cells(sample: mw.Connectome) -> None:
    pairs = pairs_with_synapses(sample)
    assert pairs
    for pre, post in pairs:
        viewer = mw.SkeletonViewer(
            sample, [pre, post], partner=post, hidden_types=[sample.cell(post)["cell_type_auto"]]
        )
        shown = viewer.shown_synapses()
        there, back = (shown[shown["direction"] == side] for side in ("output", "input"))
        assert set(there["id"]) == set(sample.between(pre, post)["id"])
        assert set(back["id"]) == set(sample.between(post, pre)["id"])
        viewer.partner = None
        assert len(viewer.shown_synapses()) > len(shown)


def test_the_browser_learns_which_partners_are_cells(sample: mw.Connectome) -> None:
    from microns_widgets.widgets._viewer_data import sent_synapses, synapse_table

    cell = int(sample.examples()["BC"])
    sent = sent_synapses(sample, synapse_table(sample, cell))
    known = set(sample.root_ids.tolist())
    assert sent["partner_is_cell"].tolist() == [i in known for i in sent["partner_root_id"]]
    assert set(sent["partner_is_cell"]) == {True, False}
