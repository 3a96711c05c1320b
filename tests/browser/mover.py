"""Moves every control of every widget by mouse and keyboard, and sees what comes of it.

After each movement the widget must look different or have changed a synced trait, its cell must
have one output as before, and neither the page nor the kernel may have an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, ElementHandle
from playwright.sync_api import TimeoutError as Timeout

from tests.browser.hosts import Notebook
from tests.browser.listener import Listener

CONTROLS = (Path(__file__).parent / "controls.js").read_text(encoding="utf-8")
OUTPUTS = ".jp-OutputArea-output"
WIDGETS = f'{OUTPUTS}:not([class*="jp-Rendered"])'
# They say what comes later, and change nothing by themselves.
FOR_LATER = (
    "box: Map after zooming in",
    "box: first of mw-check-question",
    "box: last of mw-check-question",
)
# Busy machines need time; a button that does nothing is tried again after the shorter time.
LONG, SHORT = 10_000, 800
RUN_SECONDS = 120
_ROUND_TRIP = """() => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  return kernel.requestExecute({ code: "pass", silent: true, store_history: false }).done
    .then(() => null);
}"""

Act = Callable[[ElementHandle], Any]


class Fault(AssertionError):
    """Something went wrong while a widget was moved; the message says by which control."""


class Mover:
    """Moves the widgets of a notebook whose cells are running.

    Parameters
    ----------
    notebook : Notebook
    listener : Listener
        Of the notebook's kernel.
    """

    def __init__(self, notebook: Notebook, listener: Listener) -> None:
        self.page = notebook.page
        self._notebook = notebook
        self._listener = listener
        self._console: list[str] = []
        self.page.on("console", self._keep)
        self.page.evaluate(CONTROLS)

    def move_all(self) -> list[list[str]]:
        """Move every control of every widget, and return the controls' names, a list a widget.

        Raises
        ------
        Fault
            At the first fault.
        """
        self._wait_until_run()
        return [
            _Widget(self, root, cell).move()
            for cell in self.page.query_selector_all(".jp-CodeCell")
            for root in cell.query_selector_all(WIDGETS)
        ]

    def _wait_until_run(self) -> None:
        # A cell whose code is folded has a placeholder in place of its number.
        last = self.page.locator(".jp-CodeCell .jp-InputArea-prompt").last
        for _ in range(RUN_SECONDS * 5):
            self._listener.listen()
            self._raise("running the cells")
            if re.fullmatch(r"\[\d+\]:", last.text_content() or ""):
                self._listen()
                return
            self.page.wait_for_timeout(200)
        raise Fault(f"The cells did not run within {RUN_SECONDS} s.")

    def check(self, what: str) -> None:
        """Raise if the page or the kernel has had an error."""
        self._listen()
        self._raise(what)

    def _raise(self, what: str) -> None:
        faults = self._listener.faults + self._console + self._notebook.errors
        if faults:
            raise Fault("\n".join([f"After {what}:", *faults]))

    def state_changed(self) -> bool:
        """Return whether the page has changed a synced trait since this was last asked."""
        self._listen()
        changed, self._listener.changed = self._listener.changed, []
        return bool(changed)

    def _listen(self) -> None:
        # By the page's own connection, the kernel works on this after what the page has sent
        # before; by ours, its answers to that are out before this one.
        self.page.evaluate(_ROUND_TRIP)
        self._notebook.kernel.run("pass")
        self._listener.listen()

    def _keep(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._console.append(message.text)


class _Widget:
    """A widget in one output of a cell."""

    def __init__(self, mover: Mover, root: ElementHandle, cell: ElementHandle) -> None:
        self._mover = mover
        self._page = mover.page
        self._root = root
        self._cell = cell
        self._outputs = len(cell.query_selector_all(OUTPUTS))
        self._known: list[str] = []

    def move(self) -> list[str]:
        self._root.scroll_into_view_if_needed()
        if not self._ask("appears", LONG):
            raise Fault("A widget has no control: " + self._root.inner_html()[:500])
        self._move_new()
        return self._known

    def _move_new(self, after: str = "") -> None:
        """Move what is not known yet; what a movement brings to light is moved in its turn."""
        found = self._ask("list")
        new = [control for control in found if control["name"] not in self._known]
        if new and after:
            # What went wrong so far is not the new controls' doing.
            self._mover.check(f"moving {after!r}")
        self._known += [control["name"] for control in new]
        for control in new:
            name, kind = control["name"], control["kind"]
            steps = [self._step(name, kind, act) for act in self._acts(name, kind)]
            if steps and not any(steps):
                raise Fault(f"{name!r} has nothing to be moved to.")
            self._mover.check(f"moving {name!r}")
            outputs = len(self._cell.query_selector_all(OUTPUTS))
            if outputs != self._outputs:
                raise Fault(f"After moving {name!r} the cell has {outputs} outputs.")

    def _acts(self, name: str, kind: str) -> Iterator[Act]:
        element = self._find(name)
        # What was moved before has taken it away, or made it idle.
        if element is None:
            return
        if kind == "button":
            yield self._click
        elif kind in ("fold", "box"):
            yield from (self._click, self._click)
        elif kind in ("choice", "slider"):
            yield from (self._key("End"), self._key("Home"))
        elif kind == "number":
            least, most = element.evaluate("(element) => mover.bounds(element)")
            yield from map(self._typing, (least, most, ""))
        else:
            yield from map(self._typing, ("B", ""))

    def _step(self, name: str, kind: str, act: Act) -> bool:
        """Do one act and see what comes of it; False where the control stood there already."""
        self._ask("rest", name, LONG)
        element = self._find(name)
        if element is None:
            return True
        value = _value(element)
        self._mover.state_changed()
        act(element)
        stood = kind not in ("button", "fold") and element.is_visible() and _value(element) == value
        if stood and kind in ("choice", "slider"):
            return False
        brief = stood or kind == "button" or name in FOR_LATER
        if not self._changes(name, SHORT if brief else LONG):
            if stood:
                return False
            self._try_again(name, act)
        self._move_new(after=name)
        return True

    def _changes(self, name: str, milliseconds: int) -> bool:
        # What is seen comes at once; a trait that shows nowhere is asked for before the long wait.
        waits = (SHORT, milliseconds - SHORT) if milliseconds > SHORT else (milliseconds,)
        return any(
            self._ask("changes", name, wait) or self._mover.state_changed() for wait in waits
        )

    def _try_again(self, name: str, act: Act) -> None:
        """Do it after something else: "show the whole" does nothing where all is shown."""
        if name in FOR_LATER:
            return
        for disturb in self._disturbances(name):
            disturb()
            self._ask("rest", name, LONG)
            element = self._find(name)
            if element is None:
                return
            self._mover.state_changed()
            act(element)
            if self._changes(name, SHORT):
                return
        raise Fault(f"{name!r} was moved, and nothing changed.")

    def _disturbances(self, name: str) -> Iterator[Callable[[], Any]]:
        neighbours = self._page.evaluate_handle(
            "(element) => mover.neighbours(element)", self._find(name)
        )
        for item in neighbours.get_properties().values():
            if (other := item.as_element()) and other.is_visible():
                yield lambda other=other: self._poke(other)
        for canvas in self._root.query_selector_all("canvas"):
            if canvas.is_visible():
                yield lambda canvas=canvas: self._wheel(canvas)

    def _poke(self, neighbour: ElementHandle) -> None:
        neighbour.click()
        if neighbour.evaluate("(element) => element.matches('input:not([type=checkbox])')"):
            self._page.keyboard.type("B")

    def _wheel(self, canvas: ElementHandle) -> None:
        canvas.hover()
        self._page.mouse.wheel(0, -200)
        # Off it again: a hint beneath the pointer does not count as an effect.
        self._page.mouse.move(1, 1)

    def _click(self, element: ElementHandle) -> None:
        try:
            # Only tried: on a busy machine, a click that was done may be reported as one too late.
            element.click(timeout=SHORT, trial=True)
        except Timeout:
            # A panel that is open covers it: closed, as a person would.
            self._page.keyboard.press("Escape")
        element.click()

    def _key(self, key: str) -> Act:
        return lambda element: (element.focus(), self._page.keyboard.press(key))

    def _typing(self, text: str) -> Act:
        def type_over(element: ElementHandle) -> None:
            element.click(click_count=3)
            for key in ("Delete", *text, "Enter"):
                self._page.keyboard.press(key)

        return type_over

    def _find(self, name: str) -> ElementHandle | None:
        handle = self._page.evaluate_handle(
            "([root, name]) => mover.find(root, name)", [self._root, name]
        )
        return handle.as_element()

    def _ask(self, what: str, *values: object) -> Any:
        return self._page.evaluate(
            f"([root, ...values]) => mover.{what}(root, ...values)", [self._root, *values]
        )


def _value(element: ElementHandle) -> object:
    return element.evaluate("(e) => [e.value, e.checked, e.getAttribute('aria-valuenow')]")
