"""A stand-in for ``google.colab``: what only makes sense in Colab's page does nothing.

Students who worked in Colab mount a drive, download files or show tables; their answers do not
depend on it. The module is imported only if a notebook asks for it, because notebooks look into
``sys.modules`` to find out where they run.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

_NAME = "google.colab"


class _Inert:
    """Can be called, entered, indexed and iterated, and does nothing."""

    def __call__(self, *args: object, **kwargs: object) -> _Inert:
        return self

    def __getattr__(self, name: str) -> _Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __enter__(self) -> _Inert:
        return self

    def __exit__(self, *error: object) -> None: ...

    def __iter__(self) -> object:
        return iter(())

    def __len__(self) -> int:
        return 0


class _Module(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Inert()


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds ``google.colab`` and all below it, and ``google`` where there is none."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in ("google", _NAME) or fullname.startswith(f"{_NAME}."):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return ModuleType(spec.name) if spec.name == "google" else _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None: ...


def install() -> None:
    """Make ``google.colab`` importable, after everything that is installed."""
    sys.meta_path.append(_Finder())
