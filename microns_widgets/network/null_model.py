"""A null model: random networks that keep some properties of an observed one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import scipy

from microns_widgets._arguments import checks_methods
from microns_widgets._typing import FloatArray
from microns_widgets.errors import (
    InvalidArgument,
    InvalidType,
    MicronsError,
    check_choice,
    one_line,
    quoted,
)
from microns_widgets.network.assemble import like
from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.network.null_comparison import ALTERNATIVES, NullComparison
from microns_widgets.network.null_kinds import NULL_KINDS, Sampler

Statistic: TypeAlias = Callable[[ConnectivityMatrix], Any]


def _pairs_by_type(matrix: ConnectivityMatrix) -> pd.DataFrame:
    return matrix.by_type().pairs_connected


#: Statistics that can be named.
STATISTICS: Mapping[str, Statistic] = {
    "reciprocal_pairs": ConnectivityMatrix.reciprocal_pairs,
    "triads": ConnectivityMatrix.triads,
    "pairs_by_type": _pairs_by_type,
}


class StoppedEarly(UserWarning):
    """A comparison was interrupted, and rests on fewer random networks than planned."""


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class NullModel:
    """Random networks that keep some properties of an observed network.

    `ConnectivityMatrix.null` creates it. It behaves like a list of matrices, of which each is drawn
    when it is asked for: ``null[3]`` is the same network every time, and does not depend on `n`.

    Attributes
    ----------
    observed : ConnectivityMatrix
        The observed network.
    kind : str
        The kind of random network: one of `NULL_KINDS`.
    n : int
        Number of random networks.
    seed : int
        Seed of the random numbers.

    Examples
    --------
    >>> null = con.matrix(autapses=False).null("degrees", n=20, seed=7)
    >>> null
    <NullModel of 20 random networks that keep each cell's numbers of partners (seed 7)>
    >>> bool(null.compare("reciprocal_pairs", progress=False).ratio > 1)
    True
    """

    observed: ConnectivityMatrix
    kind: str
    n: int
    seed: int
    _sampler: Sampler
    # Of each statistic, the observed value and those of random networks, in their order. What was
    # computed before an interruption, and before `with_n`, is not computed again.
    _values: dict[object, tuple[FloatArray, list[FloatArray]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value, least in (("n", self.n, 1), ("seed", self.seed, 0)):
            if isinstance(value, bool) or not isinstance(value, int | np.integer):
                raise InvalidType(f"{name}={quoted(value)}, expected a whole number.")
            if value < least:
                raise InvalidArgument(f"{name}={value} is too small, expected at least {least}.")

    def __len__(self) -> int:
        return int(self.n)

    def __getitem__(self, number: int) -> ConnectivityMatrix:
        """Return one of the random networks; -1 is the last."""
        if isinstance(number, bool) or not isinstance(number, int | np.integer):
            raise InvalidType(
                f"null[{quoted(number)}]: expected a whole number from 0 to {self.n - 1}. For "
                "several networks, write [null[i] for i in range(5)]."
            )
        if not -self.n <= number < self.n:
            raise InvalidArgument(
                f"null[{number}]: there are {self.n:,} random networks, numbered from 0. For more "
                f"of them, use null.with_n({abs(int(number)) + 1})."
            )
        return self._draw(int(number) % self.n)

    def __iter__(self) -> Iterator[ConnectivityMatrix]:
        return (self._draw(number) for number in range(self.n))

    def __repr__(self) -> str:
        return (
            f"<NullModel of {self.n:,} random network{'s' * (self.n != 1)} that "
            f"keep{'s' * (self.n == 1)} {NULL_KINDS[self.kind]} (seed {self.seed})>"
        )

    def _repr_html_(self) -> str:
        rows, columns = self.observed.shape
        return (
            f"<div><p><b>Null model</b> <code>{self.kind}</code>: {self.n:,} random "
            f"network{'s' * (self.n != 1)} of {rows:,} × {columns:,} cells and "
            f"{self.observed.n_connections:,} connections (seed {self.seed})"
            f"<br>Kept: {NULL_KINDS[self.kind]}. All else is left to chance.</p></div>"
        )

    def with_n(self, n: int) -> NullModel:
        """Return the same null model with another number of random networks.

        Statistics that were computed already are not computed again.

        Parameters
        ----------
        n : int
            Number of random networks. The first ones stay the same.

        Returns
        -------
        NullModel

        Raises
        ------
        InvalidArgument
            If `n` is less than 1.

        Examples
        --------
        >>> more = con.matrix().null("density", n=20).with_n(100)
        """
        return replace(self, n=n)

    def compare(
        self,
        statistic: str | Statistic,
        *,
        alternative: str = "two-sided",
        progress: bool = True,
    ) -> NullComparison:
        """Compare a number of the observed network with the random ones.

        To stop early, interrupt the kernel: the comparison then rests on the networks so far, and
        warns. Call it again to continue.

        Parameters
        ----------
        statistic : str or callable
            ``"reciprocal_pairs"``, ``"triads"`` or ``"pairs_by_type"`` (connected pairs, by
            automatic type), or a function that takes a matrix and returns a number, an
            array, a series or a frame, such as ``lambda own: own.degree("post").max()``.
        alternative : {"two-sided", "greater", "less"}
            Which deviations the p-value counts: both, or only larger or smaller values.
        progress : bool
            Whether a progress bar appears if it takes longer than two seconds.

        Returns
        -------
        NullComparison
            Ratio to chance with its 95 % interval, and p-value.

        Raises
        ------
        InvalidArgument
            If there is no such statistic or alternative, or if the statistic fails, does not return
            numbers, or not equally many for each network.
        MatrixError
            If reciprocal pairs or triads are counted, and rows and columns are not the same cells.

        Warns
        -----
        StoppedEarly
            If it was interrupted.

        Examples
        --------
        >>> null = con.matrix(autapses=False).null("degrees", n=20, seed=7)
        >>> hubs = null.compare(lambda own: own.degree("post").max(), progress=False)
        >>> float(hubs.ratio)  # degrees are kept
        1.0
        """
        from tqdm.auto import tqdm

        check_choice("alternative", alternative, ALTERNATIVES)
        function, name = _function(statistic)
        observed, first = _evaluated(function, self.observed, name)
        values = self._known(statistic, function, name, first)
        todo = range(len(values), self.n)
        try:
            for number in tqdm(todo, desc="shuffles", disable=not progress, delay=2):
                result, numbers = _evaluated(function, self._draw(number), name)
                _check_same_form(first, numbers, observed, result, name)
                values.append(numbers)
        except KeyboardInterrupt:
            if not values:
                raise
            warnings.warn(
                f"Stopped after {len(values):,} of {self.n:,} random networks. The comparison "
                "rests on these. To continue, call `compare` of the same null model again.",
                StoppedEarly,
                stacklevel=3,  # beyond `checks_methods`
            )
        return NullComparison(observed, np.stack(values[: self.n]), self.kind, name, alternative)

    def _known(
        self, statistic: str | Statistic, function: Statistic, name: str, observed: FloatArray
    ) -> list[FloatArray]:
        """Return the values of a statistic so far, as a list to add to.

        A function may use variables that have changed since; then nothing is known.
        """
        before, values = self._values.setdefault(statistic, (observed, []))
        if callable(statistic) and values:
            _, again = _evaluated(function, self._draw(0), name)
            if not (_equal(before, observed) and _equal(values[0], again)):
                self._values[statistic] = observed, []
        return self._values[statistic][1]

    def _draw(self, number: int) -> ConnectivityMatrix:
        # As SeedSequence.spawn does: independent streams, whose number does not matter.
        seeds = np.random.SeedSequence(self.seed, spawn_key=(number,))
        row, column, origin = self._sampler.draw(np.random.default_rng(seeds))
        own = self.observed
        new = scipy.sparse.coo_array((origin, (row, column)), shape=own.shape).tocsr()
        new.sort_indices()
        return replace(
            own,
            count=like(new, own.count.data[new.data]),
            total=like(new, own.total.data[new.data]),
            largest=like(new, own.largest.data[new.data]),
        )


def _function(statistic: str | Statistic) -> tuple[Statistic, str]:
    if callable(statistic):
        name = getattr(statistic, "__name__", "statistic")
        return statistic, "statistic" if name == "<lambda>" else name
    check_choice("statistic", statistic, STATISTICS)
    return STATISTICS[statistic], statistic


def _evaluated(
    function: Statistic, matrix: ConnectivityMatrix, name: str
) -> tuple[Any, FloatArray]:
    """Return what a statistic returns for a matrix, and the same as an array of numbers."""
    try:
        result = function(matrix)
    except MicronsError:
        raise
    except Exception as error:  # whatever a reader's own function raises
        raise InvalidArgument(
            f"The statistic {name!r} failed: {type(error).__name__}: "
            f"{one_line(str(error), 200)}. It is called with one argument, a ConnectivityMatrix. "
            "Try it on the observed one first: null.observed."
        ) from error
    if result is None:
        raise InvalidArgument(
            f"The statistic {name!r} returned nothing (None), expected a number, an array, a "
            "series or a frame of numbers. Most often the function has no `return`."
        )
    try:
        numbers = np.asarray(result, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InvalidArgument(
            f"The statistic {name!r} returned {quoted(result)}, expected a number, an array, a "
            "series or a frame of numbers. (Of `by_type()`, return one of its tables, such as "
            "`own.by_type().pairs_connected`.)"
        ) from None
    if isinstance(result, pd.DataFrame | pd.Series):
        return result, numbers
    return (numbers if numbers.ndim else float(numbers)), numbers


def _equal(one: FloatArray, other: FloatArray) -> bool:
    return np.array_equal(one, other, equal_nan=True)


def _check_same_form(
    first: FloatArray, numbers: FloatArray, observed: Any, result: Any, name: str
) -> None:
    same = first.shape == numbers.shape
    if same and isinstance(observed, pd.DataFrame | pd.Series):
        pairs = zip(observed.axes, result.axes, strict=True)
        same = all(one.equals(other) for one, other in pairs)
    if not same:
        raise InvalidArgument(
            f"The statistic {name!r} returned other rows or columns for a random network than for "
            "the observed one, so they cannot be compared. Most often it leaves out what does "
            "not occur: add it with `.reindex(..., fill_value=0)`, or return one number."
        )
