"""Ask for the addresses from which notebooks and the package load something.

They stand in code, where Sphinx's linkcheck (``make links``) does not see them. ``python -m
tools.check_addresses`` names those that do not answer, and ends with 1 if there are any. It runs
once a week (.github/workflows/weekly.yml): nothing here says when an address elsewhere dies.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import requests
from urllib3.util import Retry

from microns_widgets.sources.cave.tokens import SERVER
from microns_widgets.sources.real_data import FILES
from microns_widgets.sources.workshop import BASE_URL, VERSIONS
from tools.lint_notebooks.conventions import repository_url, wheel_url

ADDRESSES = (
    *(
        f"{BASE_URL}/{name}"
        for files in VERSIONS.values()
        for name in (files.cells, files.synapses)
    ),
    *(address for address, *_ in FILES),
    SERVER,
    wheel_url(repository_url()),
)
#: The server is there, but does not talk to programs, or not without an account.
_SHUT = (401, 403, 405, 429)
_SECONDS = 30


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
    faults = {address: fault(address) for address in addresses}
    return {address: wrong for address, wrong in faults.items() if wrong}


def main() -> None:
    broken = check(ADDRESSES)
    for address, wrong in broken.items():
        print(f"{address}: {wrong}")
    print(f"{len(ADDRESSES)} addresses, {len(broken)} do not answer.")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
