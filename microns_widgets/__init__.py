"""Learn the connectome of the mouse visual cortex, by hand and in code.

>>> import microns_widgets as mw
>>> con = mw.load()                  # the built-in synthetic sample; no account needed
>>> con = mw.load(1300)              # the MICrONS workshop's files of that version

The public names stand in ``__init__.pyi``; a module is imported when one of its names is
first used, so that importing the package costs next to nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
