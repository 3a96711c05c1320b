"""An observed number beside the same number of random networks: ratio, interval, p-value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets._arguments import checks_methods
from microns_widgets._typing import FloatArray
from microns_widgets.errors import check_choice

#: Which deviations from chance a p-value counts.
ALTERNATIVES = ("two-sided", "greater", "less")

_MOST_ROWS = 20


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class NullComparison:
    """A statistic of the observed network, and its values in random networks.

    `NullModel.compare` creates it. All numbers have the form of the statistic: a float for a
    number, and otherwise an array, a series or a frame like the one that the statistic returns.

    Attributes
    ----------
    observed : float, numpy.ndarray, pandas.Series or pandas.DataFrame
        The statistic of the observed network.
    values : numpy.ndarray, shape (n, ...)
        The statistic of each random network.
    kind : str
        The kind of random network, one of `NULL_KINDS`.
    name : str
        Name of the statistic.
    alternative : str
        Which deviations the p-value counts: ``"two-sided"``, ``"greater"`` or ``"less"``.
    """

    observed: Any
    values: FloatArray
    kind: str
    name: str
    alternative: str = "two-sided"

    def __post_init__(self) -> None:
        check_choice("alternative", self.alternative, ALTERNATIVES)

    @property
    def n(self) -> int:
        """Number of random networks."""
        return len(self.values)

    @property
    def mean(self) -> Any:
        """Mean of the random networks: what is expected by chance."""
        return self._like(self.values.mean(axis=0))

    @property
    def std(self) -> Any:
        """Standard deviation of the random networks (NaN for a single one)."""
        if self.n < 2:
            return self._like(np.full(self.values.shape[1:], np.nan))
        return self._like(self.values.std(axis=0, ddof=1))

    @property
    def ratio(self) -> Any:
        """Observed value divided by the mean; NaN where both are 0."""
        return self._over(self.values.mean(axis=0))

    @property
    def low(self) -> Any:
        """Lower end of the 95 % interval of the ratio.

        Observed value divided by the 97.5th percentile of the random networks. The interval
        contains 1 if the observed value is in the middle 95 % of them.
        """
        return self._over(np.quantile(self.values, 0.975, axis=0))

    @property
    def high(self) -> Any:
        """Upper end of the 95 % interval of the ratio: divided by the 2.5th percentile."""
        return self._over(np.quantile(self.values, 0.025, axis=0))

    @property
    def p_value(self) -> Any:
        """Probability of a deviation at least as large if the null model is right.

        (k + 1) / (n + 1), where k is the number of random networks with a value at least as
        large as the observed one (``"greater"``) or at most as large (``"less"``). ``"two-sided"``
        is twice the smaller of the two, at most 1.
        """
        observed = np.asarray(self.observed, dtype=np.float64)
        greater = ((self.values >= observed).sum(axis=0) + 1) / (self.n + 1)
        less = ((self.values <= observed).sum(axis=0) + 1) / (self.n + 1)
        p = {
            "greater": greater,
            "less": less,
            "two-sided": np.minimum(2 * np.minimum(greater, less), 1),
        }[self.alternative]
        unknown = np.isnan(observed) | np.isnan(self.values).any(axis=0)
        return self._like(np.where(unknown, np.nan, p))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per number of the statistic.

        Returns
        -------
        pandas.DataFrame
            With the columns ``observed``, ``mean``, ``ratio``, ``low``, ``high`` (95 % interval
            of the ratio) and ``p_value``.

        Examples
        --------
        >>> null = con.matrix(autapses=False).null("degrees", n=20, seed=7)
        >>> null.compare("triads", progress=False).to_frame().shape
        (13, 6)
        """
        names = ("observed", "mean", "ratio", "low", "high", "p_value")
        columns = {name: np.ravel(np.asarray(getattr(self, name))) for name in names}
        return pd.DataFrame(columns, index=self._index())

    def __repr__(self) -> str:
        n = f"{self.n:,} random network{'s' * (self.n != 1)} ({self.kind})"
        if np.ndim(self.observed) > 0:
            shape = " x ".join(map(str, np.shape(self.observed)))
            return f"<NullComparison {self.name}: {shape} numbers, {n}>"
        ratio = f"ratio {self.ratio:.3g} ({self.low:.3g} to {self.high:.3g})"
        return (
            f"<NullComparison {self.name}: {self.observed:,g} observed, {self.mean:,.4g} by "
            f"chance, {ratio}, p = {self.p_value:.3g} ({self.alternative}), {n}>"
        )

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        shown = pd.DataFrame(
            {
                "observed": _texts(frame["observed"], "{:,.6g}"),
                "mean by chance": _texts(frame["mean"], "{:,.4g}"),
                "ratio": _texts(frame["ratio"], "{:.3g}"),
                "95 % interval": [
                    f"{low:.3g} to {high:.3g}"
                    for low, high in zip(frame["low"], frame["high"], strict=True)
                ],
                f"p ({self.alternative})": _texts(frame["p_value"], "{:.3g}"),
            },
            index=frame.index,
        )
        return (
            f"<div><p><b>{escape(self.name)}</b>, compared with {self.n:,} random "
            f"network{'s' * (self.n != 1)} of the kind <code>{self.kind}</code></p>"
            f"{shown.to_html(max_rows=_MOST_ROWS)}</div>"
        )

    def _index(self) -> pd.Index:
        match self.observed:
            case pd.DataFrame():
                labels = [self.observed.index, self.observed.columns]
                return pd.MultiIndex.from_product(labels)
            case pd.Series():
                return self.observed.index
            case np.ndarray() if self.observed.ndim > 1:
                return pd.MultiIndex.from_product([range(size) for size in self.observed.shape])
            case np.ndarray() if self.observed.ndim == 1:
                return pd.RangeIndex(len(self.observed))
            case _:
                return pd.Index([self.name])

    def _over(self, chance: FloatArray) -> Any:
        observed = np.asarray(self.observed, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return self._like(np.true_divide(observed, chance))

    def _like(self, numbers: Any) -> Any:
        """Return numbers in the form of the observed value."""
        if isinstance(self.observed, pd.DataFrame | pd.Series):
            new = self.observed.astype(float)
            new[:] = numbers
            return new
        return numbers if np.ndim(self.observed) else float(numbers)


def _texts(column: pd.Series, form: str) -> list[str]:
    text: Callable[[float], str] = form.format
    return [text(value) for value in column]
