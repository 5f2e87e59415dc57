"""What features take of one column over each client's rows: fractions again, missing (NaN) where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from modelling.features.runs import Numbers, Real, Runs, Whole


@dataclass(frozen=True)
class Statistics:
    """The statistics of one column of whole numbers, so many of which (`scale`) make one, over each run of rows."""

    runs: Runs
    numbers: Numbers
    scale: int

    @cached_property
    def known(self) -> Whole:
        """Give how many numbers of each run are known."""
        return self.runs.known(self.numbers)

    @cached_property
    def _sum(self) -> Whole:
        return self.runs.total(self.numbers.values)

    def total(self) -> Real:
        """Return the sum of each run."""
        return self._where_known(self._sum / self.scale)

    def mean(self) -> Real:
        """Return the mean of each run."""
        return self._where_known(self._sum / (np.maximum(self.known, 1) * self.scale))

    def least(self) -> Real:
        """Return the smallest number of each run."""
        return self._where_known(self.runs.least(self.numbers) / self.scale)

    def greatest(self) -> Real:
        """Return the greatest number of each run."""
        return self._where_known(self.runs.greatest(self.numbers) / self.scale)

    def deviation(self) -> Real:
        """Return the standard deviation (n - 1) of each run; missing where fewer than two numbers are known."""
        spread = self.runs.spread(self.numbers, self._sum, self.known)
        deviation = np.sqrt(spread / np.maximum(self.known - 1, 1)) / self.scale
        deviation[self.known < 2] = np.nan
        return deviation

    def _where_known(self, values: Real) -> Real:
        if self.numbers.known is not None:
            values[self.known == 0] = np.nan
        return values
