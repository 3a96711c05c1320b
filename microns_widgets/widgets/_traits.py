"""Synced traits that hold root ids: whole numbers in Python, strings everywhere else."""

from __future__ import annotations

from typing import Any

import traitlets

from microns_widgets.tables.root_ids import id_array, one_id

#: Each selected id takes 22 bytes in the saved notebook; this many stay below half a megabyte.
LARGEST_SELECTION = 20_000


class RootId(traitlets.TraitType):
    """A root id or None; JavaScript and the saved notebook have its digits.

    JavaScript's numbers hold 53 bits: the last digits of a root id would be lost.
    """

    info_text = "a root id or None"
    default_value = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_none=True, **kwargs)
        self.tag(sync=True, to_json=_id_to_json, from_json=_id_from_json)

    def validate(self, _obj: object, value: object) -> int:
        """Return the id as an int; raise `UnknownCell` if it is none."""
        return one_id(value)


class RootIds(traitlets.TraitType):
    """Several root ids, in order, as a tuple of ints; for JavaScript a list of strings."""

    info_text = "root ids"
    default_value = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tag(sync=True, to_json=_ids_to_json, from_json=_ids_from_json)

    def validate(self, _obj: object, value: Any) -> tuple[int, ...]:
        """Return the ids as ints; raise `UnknownCell` if they are none."""
        return tuple(id_array(value if hasattr(value, "dtype") else [*value]).tolist())


class Pair(traitlets.TraitType):
    """A presynaptic and a postsynaptic root id, as a tuple of ints, or None."""

    info_text = "a presynaptic and a postsynaptic root id, or None"
    default_value = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_none=True, **kwargs)
        self.tag(sync=True, to_json=_pair_to_json, from_json=_pair_from_json)

    def validate(self, obj: traitlets.HasTraits | None, value: Any) -> tuple[int, int]:
        """Return the two ids as ints; raise `TraitError` if they are not two."""
        try:
            pre, post = value
        except (TypeError, ValueError):
            self.error(obj, value)
        return one_id(pre), one_id(post)


def _id_to_json(value: int | None, _widget: object) -> str | None:
    return None if value is None else str(value)


def _id_from_json(value: str | None, _widget: object) -> int | None:
    return None if value is None else one_id(value)


def _ids_to_json(value: tuple[int, ...], _widget: object) -> list[str]:
    return [str(root_id) for root_id in value]


def _ids_from_json(value: list[str], _widget: object) -> tuple[int, ...]:
    return tuple(one_id(root_id) for root_id in value)


def _pair_to_json(value: tuple[int, int] | None, _widget: object) -> list[str] | None:
    return None if value is None else [str(root_id) for root_id in value]


def _pair_from_json(value: list[str] | None, _widget: object) -> tuple[int, ...] | None:
    return None if value is None else tuple(one_id(root_id) for root_id in value)
