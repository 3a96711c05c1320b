"""Checks the addresses from which notebooks and the package download files, and their links.

They are in code, where Sphinx's linkcheck (``make links``) does not see them. ``python -m
tools.check_addresses`` lists the addresses that do not answer and exits with 1 if there are any. It
runs once a week (.github/workflows/weekly.yml), because other servers change without notice.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import requests
from urllib3.util import Retry

from microns_widgets import releases
from microns_widgets.scale.static_export import TABLE as EXPORT
from microns_widgets.sources import public_skeletons
from microns_widgets.sources.cave.tokens import SERVER
from microns_widgets.sources.cell_table import needed_tables
from microns_widgets.sources.real_data import BASKET_CELL, FILES
from microns_widgets.sources.static_tables import HEADER, ROWS, StaticFiles, files_of, versions
from microns_widgets.sources.workshop import BASE_URL, VERSIONS
from microns_widgets.tables import cell_links
from tools.lint_notebooks.conventions import repository_url, wheel_url

ADDRESSES = (
    *(
        f"{BASE_URL}/{name}"
        for files in VERSIONS.values()
        for name in (files.cells, files.synapses)
    ),
    *(address for address, *_ in FILES),
    *(f"{public_skeletons.BASE_URL}/{kind}/{BASKET_CELL}.swc" for kind in public_skeletons.FOLDERS),
    SERVER,
    wheel_url(repository_url()),
    cell_links.SITE,
    *cell_links.public_files(),
    *(f"{cell_links.TUTORIAL}/{section}" for section in cell_links.SECTIONS.values()),
)
#: Status codes of servers that exist but refuse programs, or require an account.
_SHUT = (401, 403, 405, 429)
_BUCKETS = "https://storage.googleapis.com/"
_SECONDS = 30


def fault(address: str) -> str:
    """Return the problem with an address; ``""`` if it answers and has the section it names."""
    section = urlsplit(address).fragment
    with requests.Session() as session:
        retry = Retry(total=3, connect=1, backoff_factor=2, status_forcelist=(500, 502, 503, 504))
        for scheme in ("http://", "https://"):
            session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=retry))
        try:
            # GET, like a browser: some servers do not answer HEAD correctly. The body is read only
            # to look for a section.
            with session.get(address, timeout=_SECONDS, stream=True) as answer:
                # A storage bucket returns 403 for a missing file, too.
                reachable = () if address.startswith(_BUCKETS) else _SHUT
                if section and answer.ok and f'id="{section}"' not in answer.text:
                    return f"no section {section}"
                alive = answer.ok or answer.status_code in reachable
                return "" if alive else f"status {answer.status_code}"
        except requests.RequestException as error:
            return type(error).__name__


def static_tables() -> Iterator[tuple[StaticFiles, str]]:
    """Yield the static tables that are used: those of the cell tables, nuclei, and synapses."""
    for version in versions():
        needed = needed_tables(releases.releases()[version].tables)
        for table in (*needed, releases.NUCLEI, EXPORT):
            yield files_of(version, releases.static_tables()), table


def check_static(tables: Iterable[tuple[StaticFiles, str]]) -> dict[str, str]:
    """Return the static tables of which no variant of the name answers, each with a problem."""
    problems = {}
    for files, table in tables:
        faults = {}
        for stem in files.stems(table):
            faults[stem] = fault(stem + HEADER) or fault(stem + ROWS)
            if not faults[stem]:
                break
        else:
            first = next(iter(faults))
            problems[first] = f"{faults[first]}, and so do {len(faults) - 1} variants of its name"
    return problems


def check(addresses: Iterable[str]) -> dict[str, str]:
    """Return the addresses that do not answer, each with its problem."""
    problems = {address: fault(address) for address in addresses}
    return {address: problem for address, problem in problems.items() if problem}


def main() -> None:
    static = list(static_tables())
    broken = check(ADDRESSES) | check_static(static)
    for address, problem in broken.items():
        print(f"{address}: {problem}")
    print(f"{len(ADDRESSES) + len(static)} addresses, {len(broken)} do not answer.")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
