"""Faults that axe-core finds in a page."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.hosts import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")


def serious_faults(page: Page, selector: str) -> list[str]:
    """Return rule, help and elements of the serious and critical faults within a selector."""
    if not page.evaluate("() => 'axe' in window"):
        # Without the page's AMD loader, into which axe would register itself.
        source = f"(() => {{ const define = undefined; {AXE.read_text(encoding='utf-8')} }})()"
        page.evaluate(source)
    result = page.evaluate("(selector) => axe.run(selector)", selector)
    return [
        f"{fault['id']}: {fault['help']}: {[node['html'] for node in fault['nodes']]}"
        for fault in result["violations"]
        if fault["impact"] in SERIOUS
    ]
