"""Exercise 5, "find it by hand", done from the first key to the record by somebody who only hears.

Each answer comes from what was heard; the key is the master notebook's, computed in the kernel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hosts import ROOT, Notebook
from tests.browser.reader import Reader, number, to_soma
from tests.browser.server import Server

# Their shorter twins are in test_picker_, test_viewer_ and test_matrix_transcript.py.
pytestmark = [
    pytest.mark.long,
    pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session"),
]
#: What a student would call near a soma.
NEAR_UM = 15
ENTRIES = 5


def key_code() -> str:
    """Solutions and keys of the master notebook's questions of choice."""
    master = nbformat.read(ROOT / "solutions" / "by_hand.ipynb", as_version=4)
    code = []
    for cell in master.cells:
        if 'id = "by_hand.evidence"' in cell.source:
            break
        if cell.source.startswith(("# KEY", "# BEGIN SOLUTION")):
            code.append(cell.source.split("# END SOLUTION")[0])
    return "\n".join(code)


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    exercise = nbformat.read(ROOT / "exercises" / "by_hand.ipynb", as_version=4)
    notebook = server.open(browser, exercise)
    notebook.run_all()
    ready = notebook.page.get_by_text("by_hand.both-ways: nothing is chosen yet")
    expect(ready.first).to_be_attached(timeout=120_000)
    expect(notebook.page.get_by_role("group", name="Matrix explorer")).not_to_have_count(1)
    yield notebook
    server.close(notebook)


@pytest.fixture
def reader(opened: Notebook, reader_of: Callable[[Page], Reader]) -> Reader:
    return reader_of(opened.page)


def recorded(reader: Reader, question: str) -> list[int]:
    """Read the line that says what is recorded."""
    line = reader.page.get_by_text(re.compile(f"{question}: chosen")).first
    expect(line).to_be_attached()
    text = line.inner_text()
    reader.transcript.append(f"read: {text}")
    return [int(root_id) for root_id in re.findall(r"\d{18}", text)]


def accepted(notebook: Notebook, name: str) -> list[object]:
    notebook.kernel.run(f"key = dict(globals()); exec({key_code()!r}, key)", timeout=120)
    return list(notebook.kernel.value(f"np.array(key[{name!r}]).tolist()"))


def test_a_martinotti_cell_by_where_its_outputs_are(reader: Reader, opened: Notebook) -> None:
    reader.note("5.1 Choose a Martinotti cell. Their axon climbs: most outputs lie above the soma.")
    reader.go_to_heading("5.1 Choose a Martinotti cell")
    reader.tab_to('checkbox "MC ')
    assert "11 of" in reader.press("Space")
    shares: dict[str, float] = {}
    row = reader.tab_to("^row")
    for place in range(3):
        if place:
            reader.tab_to("^row", back=True)
            row = reader.press("ArrowDown")
        root_id = row.split("root id ")[1][:18]
        reader.press("Enter")
        reader.wait_to_hear(rf"MC cell {root_id}: .* of cable")
        reader.tab_to("by layer")
        if not place:
            reader.press("Enter")
        layers = reader.layers()
        above = layers.pop("above soma")["outputs"]
        total = sum(one["outputs"] for one in layers.values())
        shares[root_id] = above / total
        reader.note(
            f"{above} of {total} outputs are above the soma, "
            f"{layers.get('L1', {}).get('outputs', 0)} in layer 1."
        )
        if shares[root_id] > 0.6:
            break
    reader.note("This is my cell: most of its outputs are above the soma.")
    assert recorded(reader, "by_hand.martinotti") == [int(root_id)]
    assert int(root_id) in accepted(opened, "martinotti_accepted")


def test_a_cell_that_contacts_somata(reader: Reader, opened: Notebook) -> None:
    reader.note("5.3 Choose an inhibitory cell that puts many synapses on somata.")
    reader.go_to_heading("5.3 Choose a cell that contacts somata")
    reader.choose("table of types")
    reader.tab_to('button "connected pairs"')
    reader.press("Enter")
    near: dict[str, float] = {}
    for kind in ("MC", "BC"):
        reader.tab_to("^row")
        reader.press("Home")
        reader.walk_to(f"presynaptic type {kind}, postsynaptic type (23P|4P)")
        reader.press("Enter")
        distances: list[int] = []
        row = reader.focused()
        cell = row.split("presynaptic ")[1][:18]
        for _ in range(ENTRIES):
            if row.split("presynaptic ")[1][:18] != cell:
                break
            reader.press("Enter")
            pair = reader.wait_to_hear(f"^Pair, {kind} onto .* from the target's soma")
            distances += to_soma(pair)
            row = reader.press("ArrowDown")
        near[kind] = sum(um <= NEAR_UM for um in distances) / len(distances)
        reader.note(f"{kind}: {near[kind]:.0%} of {len(distances)} synapses within {NEAR_UM} µm.")
        if kind == "MC":
            reader.tab_to('combobox "Show"', back=True)
            reader.type("table of types")
            reader.tab_to('button "connected pairs"')
    assert near["BC"] > near["MC"]
    reader.note("The basket cell's synapses are near somata. Has it at least 100 known outputs?")
    [chosen] = recorded(reader, "by_hand.basket")
    reader.tab_to('button "show A alone"')
    # The button is gone then; the focus is not.
    assert reader.press("Enter").startswith("application")
    reader.wait_to_hear(f"cell {chosen}: .* outputs")
    reader.tab_to('combobox "Direction"')
    reader.type("outputs")
    reader.tab_to('checkbox "by type"')
    reader.press("Space")
    rows = reader.read("grid", re.compile("^Partners"), -1)
    outputs = dict(re.findall(r'row "([^,"]+), .*?([\d,]+) outputs?,', rows))
    known = sum(number(n) for kind, n in outputs.items() if kind != "fragment")
    reader.note(f"{known} outputs are onto known cells.")
    assert known >= 100
    assert chosen in accepted(opened, "basket_accepted")


def test_two_cells_that_contact_each_other(reader: Reader, opened: Notebook) -> None:
    reader.note("5.4 Choose a reciprocal pair.")
    reader.go_to_heading("5.4 Choose a reciprocal pair")
    reader.choose("table of con")
    reader.tab_to('button "synapses back"')
    assert "descending" in reader.press("Enter")
    row = reader.tab_to("^row")
    while len(set(re.findall(r"\d{18}", row))) == 1:
        row = reader.press("ArrowDown")
    assert number(row, r"synapses back (\d+)") > 0
    assert "Chosen pair" in reader.press("Enter")
    pair = recorded(reader, "by_hand.both-ways")
    assert pair in accepted(opened, "both_ways_accepted")
