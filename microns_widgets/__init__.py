"""Learn the connectome of the mouse visual cortex, by hand and in code.

>>> import microns_widgets as mw
>>> con = mw.load(quiet=True)        # the built-in synthetic sample; no account needed
>>> con = mw.load(1300)              # doctest: +SKIP
...                                  # the MICrONS workshop's files of that version

The public names are listed in ``__init__.pyi``; a module is imported when one of its names is
first used, so that importing the package costs next to nothing.
"""

from typing import Any

import lazy_loader

_public, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # takes 20 ms, and few need it

        return version("microns-widgets")
    return _public(name)
