"""The rest of a cell whose import failed: this machine lacks a library that the student has."""

from __future__ import annotations

import ast
from types import TracebackType


def after_missing_import(source: str, error: BaseException | None) -> tuple[str, str] | None:
    """Return what is missing, and the statements after the import that failed.

    Parameters
    ----------
    source : str
        The cell, as Python.
    error : BaseException or None
        The error that ended it.

    Returns
    -------
    tuple of str, or None
        Name of the missing library, and the rest of the cell. None unless the cell ended at an
        import of its own, outside of ``try``, functions and other files.
    """
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    library = error.name.partition(".")[0]
    line = _line_of_cell(error.__traceback__)
    for place, node in enumerate(body):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if not node.lineno <= line <= (node.end_lineno or node.lineno) or not _names(node, library):
            continue
        rest: list[ast.stmt] = body[place + 1 :]
        if isinstance(node, ast.Import):
            # `import missing, numpy as np`: the others are still imported.
            others = [alias for alias in node.names if alias.name.partition(".")[0] != library]
            rest = [ast.Import(others), *rest] if others else rest
        return library, ast.unparse(ast.Module(rest, type_ignores=[]))
    return None


def _names(node: ast.Import | ast.ImportFrom, library: str) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] == library
    return any(alias.name.partition(".")[0] == library for alias in node.names)


def _line_of_cell(traceback: TracebackType | None) -> int:
    """Return the line of the cell's outermost code; 0 if the error has no such line."""
    while traceback is not None:
        frame = traceback.tb_frame
        own = frame.f_globals.get("__name__") == "__main__"
        if own and frame.f_code.co_name.startswith("<"):
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return 0
