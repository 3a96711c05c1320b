"""Somebody who hears a page and has a keyboard: no mouse, no picture, no positions.

What is heard is what Chromium tells a screen reader: role, name, value, state and description of
what has the focus, and the live regions that change. A page is also read as a screen reader does
between controls: by role and name.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

MOST_TABS = 120
MOST_STEPS = 500
#: A folder named here gets every transcript.
TRANSCRIPTS = "MICRONS_TRANSCRIPTS"
#: Live regions speak once changes pause.
PAUSE_MS = 350

# Regions that are hidden or belong to the host say nothing.
_LISTEN = """() => {
  if (window.spoken) return;
  window.spoken = [];
  const last = new WeakMap();
  const speak = (region) => {
    const text = region.innerText.replace(/\\s+/g, " ").trim();
    const shown = region.checkVisibility({ visibilityProperty: true });
    if (!shown || last.get(region) === text) return;
    last.set(region, text);
    if (text) window.spoken.push(text);
  };
  const live = "[aria-live=polite], [aria-live=assertive], [role=status], [role=alert], output";
  for (const region of document.querySelectorAll(live)) last.set(region, region.innerText);
  new MutationObserver((records) => {
    const regions = new Set(
      records.map(({ target }) => (target.closest ? target : target.parentElement)?.closest(live)),
    );
    for (const region of regions) if (region) speak(region);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
_FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const within = element?.getAttribute("aria-activedescendant");
  return (within && document.getElementById(within)) || element;
}"""
# A row's name has the text of its cells.
_IN_ROW = re.compile(r"\s+- (cell|gridcell|rowheader|columnheader|rowgroup)\b")
_STATES = {
    "checked": {"true": "checked", "false": "not checked", "mixed": "partly checked"},
    "selected": {"true": "selected"},
    "expanded": {"true": "expanded", "false": "collapsed"},
    "pressed": {"true": "pressed"},
    "disabled": {"true": "unavailable"},
}


@dataclass
class Reader:
    """Somebody who hears the page and has a keyboard.

    Attributes
    ----------
    transcript : list of str
        What was done and heard.
    """

    page: Page
    transcript: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._last: list[str] = []
        self._client: CDPSession = self.page.context.new_cdp_session(self.page)
        self._client.send("DOM.enable")
        self._client.send("Accessibility.enable")
        self.page.evaluate(_LISTEN)

    def note(self, text: str) -> None:
        """Write a remark into the transcript, such as the question or a conclusion."""
        self.transcript.append(f"# {text}")

    def press(self, *keys: str) -> str:
        """Press keys, and return what is heard after the last one: focus, then announcements."""
        for key in keys:
            self.page.keyboard.press(key)
        return self._hear(" ".join(keys))

    def type(self, text: str) -> str:
        """Type a text into what has the focus."""
        self.page.keyboard.type(text)
        return self._hear(f"type {text!r}")

    def tab_to(self, pattern: str, back: bool = False) -> str:
        """Press Tab until the focus is on something whose words match."""
        key = "Shift+Tab" if back else "Tab"
        passed: list[str] = []
        for times in range(1, MOST_TABS + 1):
            self.page.keyboard.press(key)
            passed.append(self.focused())
            if re.search(pattern, passed[-1]):
                return self._hear(f"{key} x{times}" if times > 1 else key)
        raise AssertionError("\n".join([f"No {pattern!r} was reached:", *dict.fromkeys(passed)]))

    def go_to_heading(self, name: str) -> None:
        """Jump to a heading, as screen readers do; the next Tab continues from there."""
        heading = self.page.get_by_role("heading", name=name).first
        heading.evaluate("(element) => { element.tabIndex = -1; element.focus(); }")
        self._hear("next heading")

    def walk_to(self, pattern: str, key: str = "ArrowDown") -> str:
        """Press an arrow key until the focus is on something whose words match."""
        times = 0
        while not re.search(pattern, now := self.focused()):
            self.page.keyboard.press(key)
            times += 1
            if times > MOST_STEPS or self.focused() == now:
                raise AssertionError(f"No {pattern!r} was reached by {key}; the last: {now}")
        return self._hear(f"{key} x{times}") if times else now

    def choose(self, what: str) -> str:
        """Choose in the next list "Show" of a matrix by the first letters."""
        self.tab_to('combobox "Show"')
        return self.type(what)

    def wait_to_hear(self, pattern: str, timeout_ms: int = 60_000) -> str:
        """Wait until an announcement matches, and return it."""
        # What was heard after the last key counts, too.
        said = list(self._last)
        for _ in range(timeout_ms // 100):
            if match := next((text for text in said if re.search(pattern, text)), None):
                return match
            self.page.wait_for_timeout(100)
            said = self._announced()
        raise AssertionError("\n".join([f"{pattern!r} was not heard:", *self.transcript]))

    def focused(self) -> str:
        """Return role, name, value, state and description of what has the focus."""
        client = self._client
        handle = client.send("Runtime.evaluate", {"expression": f"({_FOCUSED})()"})["result"]
        node = client.send(
            "Accessibility.getPartialAXTree",
            {"objectId": handle["objectId"], "fetchRelatives": False},
        )["nodes"][0]
        return _words(node)

    def read(self, role: Any, name: str | re.Pattern[str], place: int = 0) -> str:
        """Read a part of the page, found by its role and name, as its accessible text."""
        text = self.page.get_by_role(role, name=name).nth(place).aria_snapshot()
        self.transcript.append(f"read the {role} {getattr(name, 'pattern', name)!r}:")
        self.transcript += [f"    {line}" for line in text.splitlines() if not _IN_ROW.match(line)]
        return text

    def layers(self, place: int = 0) -> dict[str, dict[str, int]]:
        """Read the table by layer of a viewer: for each layer, the numbers of synapses."""
        heard = self.read("table", "Cable, inputs and outputs by layer", place)
        rows = re.findall(r'row "(\S+|above soma) [\d.]+ (?:mm|µm) ([\d,]+) ([\d,]+)"', heard)
        return {
            name: {"inputs": number(inputs), "outputs": number(outputs)}
            for name, inputs, outputs in rows
        }

    def write(self, name: str, folder: Path) -> None:
        """Write the transcript to a folder, and to the one that the environment names."""
        for place in (folder, os.environ.get(TRANSCRIPTS)):
            if place:
                Path(place).mkdir(parents=True, exist_ok=True)
                text = "\n".join(self.transcript) + "\n"
                (Path(place) / f"{name}.txt").write_text(text, encoding="utf-8")

    def _hear(self, done: str) -> str:
        self.page.wait_for_timeout(PAUSE_MS)
        focused = self.focused()
        self.transcript.append(f"{done}: {focused}")
        self._last = self._announced()
        return "\n".join([focused, *self._last])

    def _announced(self) -> list[str]:
        said: list[str] = self.page.evaluate("() => window.spoken.splice(0)")
        self.transcript += [f"    heard: {text}" for text in said]
        return said


def number(text: str, pattern: str = r"(.*)") -> int:
    """Return the number that a pattern finds in a text, such as 1,234."""
    match = re.search(pattern, text)
    assert match, f"{pattern!r} is not in {text!r}"
    return int(match[1].replace(",", ""))


def to_soma(heard: str) -> list[int]:
    """Return how far a pair's synapses are from the target's soma, in um: nearest first."""
    match = re.search(r"(?:voxels|synapses?), ([\d,to and]+) µm from", heard)
    assert match, heard
    return [int(one) for one in re.findall(r"\d+", match[1])]


def _words(node: dict[str, Any]) -> str:
    def get(key: str) -> str:
        return str(node.get(key, {}).get("value", ""))

    states = [
        _STATES[name].get(str(prop["value"].get("value")).lower(), "")
        for prop in node.get("properties", [])
        if (name := prop["name"]) in _STATES
    ]
    value = get("value")
    parts = [get("role"), f'"{get("name")}"', value and f"value {value}", *states]
    if description := get("description"):
        parts.append(f"({description})")
    return " ".join(part for part in parts if part)
