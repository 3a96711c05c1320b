"""Checks every address that the built site links to, or from which data are downloaded.

``python tools/check_addresses.py _build/html`` lists the addresses that do not answer and exits
with 1 if there are any. It runs once a week (.github/workflows/weekly.yml), because addresses on
other servers disappear without notice.
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
#: Status codes of servers that exist but refuse programs, or require an account.
_SHUT = (401, 403, 405, 429)
_SECONDS = 30


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") if tag == "a" else None
        if href and href.startswith(("http://", "https://")):
            self.addresses.add(href.partition("#")[0])


def links(site: Path) -> dict[str, list[str]]:
    """Return the external addresses of the site, each with the pages that link to it."""
    pages = defaultdict(list)
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site)
        if name.parts[0] not in ("_static", "vendor"):
            parser = _Links()
            parser.feed(path.read_text(encoding="utf-8"))
            for address in parser.addresses:
                pages[address].append(str(name))
    return dict(pages)


def fault(address: str) -> str:
    """Return the problem with an address; ``""`` if it answers."""
    with requests.Session() as session:
        retry = Retry(total=3, connect=1, backoff_factor=2, status_forcelist=(500, 502, 503, 504))
        for scheme in ("http://", "https://"):
            session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=retry))
        try:
            # GET, like a browser: some servers do not answer HEAD correctly. The body is not read.
            with session.get(address, timeout=_SECONDS, stream=True) as answer:
                alive = answer.ok or answer.status_code in _SHUT
                return "" if alive else f"status {answer.status_code}"
        except requests.RequestException as error:
            return type(error).__name__


def check(addresses: Iterable[str]) -> dict[str, str]:
    """Return the addresses that do not answer, each with its problem."""
    unique = sorted(addresses)
    with ThreadPoolExecutor(8) as pool:
        answers = tqdm(pool.map(fault, unique), total=len(unique), desc="Checking", unit="address")
        return {
            address: problem for address, problem in zip(unique, answers, strict=True) if problem
        }


def main() -> None:
    pages = links(Path(sys.argv[1]))
    broken = check({*pages, *DATA})
    for address, problem in broken.items():
        print(f"{address}: {problem}; {', '.join(pages.get(address, ['data']))}")
    print(f"{len({*pages, *DATA})} addresses, {len(broken)} do not answer.")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
