"""Rules about code: the first cells of a notebook, the data it uses, the length of cells."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint_notebooks.conventions import (
    DATA,
    INSTALL,
    MAX_LINES,
    MAX_WIDTH,
    VERSION,
    install_cell,
    repository_url,
)
from tools.lint_notebooks.notebook import Cell, Finding, Notebook

# numpy's recommended interface: the rest of np.random uses a hidden global state.
_SEEDED = {"default_rng", "Generator", "SeedSequence", "PCG64"}
_ROOT_IDS_BEGIN = 10**16


def installs_first(notebook: Notebook) -> Iterator[Finding]:
    expected = install_cell(repository_url())
    cell = notebook.at(INSTALL)
    if cell is None or cell.type != "code" or cell.id != "install":
        yield notebook.finding(
            cell, "The second cell is not the install cell.", 'Insert the cell "install" there.'
        )
    elif cell.source.strip() != expected:
        yield notebook.finding(
            cell,
            "The cell differs from that of other notebooks.",
            "Run with --install to replace it.",
        )
    elif "hide-cell" not in cell.tags:
        yield notebook.finding(cell, "The cell is not folded.", 'Add the tag "hide-cell".')


def version_from_outside(notebook: Notebook) -> Iterator[Finding]:
    """One variable, which the environment can set, switches a notebook to the real data."""
    cell = notebook.at(DATA)
    if cell is None or cell.id != "data" or cell.tree is None:
        yield notebook.finding(
            cell, "The third cell does not load the data.", 'Insert the cell "data" there.'
        )
        return
    expected_code = ast.dump(ast.parse(VERSION).body[0])
    if expected_code not in map(ast.dump, cell.tree.body):
        yield notebook.finding(
            cell, "VERSION is not read from the environment.", f"Write {VERSION}"
        )
    if "VERSION" not in [_first_argument(call) for name, call in cell.calls() if name == "mw.load"]:
        yield notebook.finding(
            cell, "The cell does not load VERSION.", "Write con = mw.load(VERSION)."
        )


def only_that_version(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.code:
        for name, call in cell.calls():
            if name == "mw.load" and not call.keywords and _first_argument(call) is None:
                yield notebook.finding(
                    cell, "The cell loads fixed data.", "Use con, or mw.load(VERSION)."
                )
        for node in ast.walk(cell.tree or ast.Module([], [])):
            if isinstance(node, ast.Constant) and _is_root_id(node.value):
                yield notebook.finding(
                    cell,
                    f"The root id {node.value} is valid in one version only.",
                    "Select the cell by a property: con.select(...).",
                )


def a_seed(notebook: Notebook) -> Iterator[Finding]:
    cell = notebook.at(DATA)
    seeds = [
        node
        for node in (cell.tree.body if cell and cell.tree else [])
        if isinstance(node, ast.Assign) and "SEED" in map(_name, node.targets)
    ]
    if not any(isinstance(getattr(node.value, "value", None), int) for node in seeds):
        yield notebook.finding(cell, "There is no seed.", 'Write SEED = 7 in the cell "data".')


def chance_is_seeded(notebook: Notebook) -> Iterator[Finding]:
    """Without a seed, a reader's figure differs from the one that the text describes."""
    for cell in notebook.code:
        for name, call in cell.calls():
            code = ast.unparse(call)
            _, _, random = name.rpartition("np.random.")
            hidden = random and random != name and random not in _SEEDED
            bare = name.endswith("default_rng") and "SEED" not in code
            sampled = name.endswith(".sample") and "random_state" not in code
            if hidden or bare or sampled or name.startswith("random."):
                yield notebook.finding(
                    cell,
                    f"{code!r} gives different results in each run.",
                    "Use np.random.default_rng(SEED).",
                )


def short_cells(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.code:
        lines = cell.source.splitlines()
        if cell.for_grading or cell.number == INSTALL or "hide-input" in cell.tags:
            continue
        if len(lines) > MAX_LINES:
            yield notebook.finding(
                cell, f"The cell has {len(lines)} lines.", f"Split it: the limit is {MAX_LINES}."
            )
        if (widest := max(map(len, lines), default=0)) > MAX_WIDTH:
            yield notebook.finding(
                cell, f"A line has {widest} characters.", f"Break it: the limit is {MAX_WIDTH}."
            )


def code_that_parses(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.code:
        if cell.tree is None:
            yield notebook.finding(
                cell, "The code is not valid Python.", "Run the cell and fix the error."
            )


def alive_without_a_kernel(notebook: Notebook) -> Iterator[Finding]:
    """Callbacks of ipywidgets run in Python, and the site has no kernel."""
    for cell in notebook.code:
        if _imports(cell, "ipywidgets"):
            yield notebook.finding(
                cell, "ipywidgets do not work on the site.", "Use the package's widgets."
            )
        for _, call in cell.calls():
            if any(keyword.arg == "save_data" for keyword in call.keywords):
                yield notebook.finding(
                    cell, "The cell sets save_data.", "Omit it: `make site` sets it."
                )


def _imports(cell: Cell, package: str) -> bool:
    for node in ast.walk(cell.tree or ast.Module([], [])):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        if any(name.split(".")[0] == package for name in names):
            return True
    return False


def _first_argument(call: ast.Call) -> str | None:
    """Return the first argument if it is a name, else None."""
    return _name(call.args[0]) if call.args else None


def _name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _is_root_id(value: object) -> bool:
    return isinstance(value, int) and value >= _ROOT_IDS_BEGIN


RULES = (
    installs_first,
    version_from_outside,
    only_that_version,
    a_seed,
    chance_is_seeded,
    short_cells,
    code_that_parses,
    alive_without_a_kernel,
)
