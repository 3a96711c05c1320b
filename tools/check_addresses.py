"""Ask every address that the built site links to, and every one from which data are loaded.

``python tools/check_addresses.py _build/html`` names those that do not answer, and ends with 1 if
there are any. It runs once a week (.github/workflows/weekly.yml): nothing here says when an
address elsewhere dies.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import requests
from tqdm import tqdm
from urllib3.util import Retry

from microns_widgets.sources.cave.tokens import SERVER
from microns_widgets.sources.real_data import FILES
from microns_widgets.sources.workshop import BASE_URL, VERSIONS

DATA = (
    *(
        f"{BASE_URL}/{name}"
        for files in VERSIONS.values()
        for name in (files.cells, files.synapses)
    ),
    *(address for address, *_ in FILES),
    SERVER,
)
#: The server is there, but does not talk to programs, or not without an account.
_SHUT = (401, 403, 405, 429)
_SECONDS = 30


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") if tag == "a" else None
        if href and href.startswith(("http://", "https://")):
            self.found.add(href.partition("#")[0])


def links(site: Path) -> dict[str, list[str]]:
    """Return the pages on which each address elsewhere stands."""
    pages = defaultdict(list)
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site)
        if name.parts[0] not in ("_static", "vendor"):
            parser = _Links()
            parser.feed(path.read_text(encoding="utf-8"))
            for address in parser.found:
                pages[address].append(str(name))
    return dict(pages)


def fault(address: str) -> str:
    """Return what is wrong with an address; ``""`` if it answers."""
    with requests.Session() as session:
        retry = Retry(total=3, connect=1, backoff_factor=2, status_forcelist=(500, 502, 503, 504))
        for scheme in ("http://", "https://"):
            session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=retry))
        try:
            # GET, as a reader does: some servers answer HEAD wrongly. The body is not read.
            with session.get(address, timeout=_SECONDS, stream=True) as answer:
                alive = answer.ok or answer.status_code in _SHUT
                return "" if alive else f"status {answer.status_code}"
        except requests.RequestException as error:
            return type(error).__name__


def check(addresses: Iterable[str]) -> dict[str, str]:
    """Return what is wrong, for each address that does not answer."""
    asked = sorted(addresses)
    with ThreadPoolExecutor(8) as pool:
        answers = tqdm(pool.map(fault, asked), total=len(asked), desc="Asking", unit="address")
        return {address: wrong for address, wrong in zip(asked, answers, strict=True) if wrong}


def main() -> None:
    pages = links(Path(sys.argv[1]))
    broken = check({*pages, *DATA})
    for address, wrong in broken.items():
        print(f"{address}: {wrong}; {', '.join(pages.get(address, ['data']))}")
    print(f"{len({*pages, *DATA})} addresses, {len(broken)} do not answer.")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
