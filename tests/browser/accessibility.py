"""Faults that axe-core finds in a page."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.hosts import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ["serious", "critical"]

_FAULTS = """async ([selector, serious]) => {
  const { violations } = await axe.run(selector, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => serious.includes(impact))
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(", ")}`);
}"""


def serious_faults(page: Page, selector: str) -> list[str]:
    """Return rule, help and elements of the serious and critical faults within a selector."""
    if not page.evaluate("() => 'axe' in window"):
        # Without the page's AMD loader, into which axe would register itself.
        source = f"(() => {{ const define = undefined; {AXE.read_text(encoding='utf-8')} }})()"
        page.evaluate(source)
    # Only what is wanted leaves the page: of a long page the rest takes half a minute.
    faults: list[str] = page.evaluate(_FAULTS, [selector, SERIOUS])
    return faults
