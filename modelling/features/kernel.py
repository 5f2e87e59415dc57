"""The loops over rows, compiled to machine code: what is taken of a column costs about a nanosecond a row.

Rows stand run by run; a run is what one owner has. Numbers come as fractions, NaN where missing, and are made whole
first (so many of them make one): whole numbers add up to the same bits in any order and company.

Importing this takes a second, for Numba is large; compiling takes some more, once on a machine, for the machine code is
kept beside this file. So whoever needs it imports it at the last moment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

from modelling.features.runs import Codes, Flags, Months, Real, Whole

_Loop = TypeVar("_Loop", bound=Callable[..., Any])
_types: Any = numba.types  # its names are made while it is imported

MISSING = np.iinfo(np.int64).min
MISSING_MONTH = np.iinfo(np.int32).min
LARGEST = np.iinfo(np.int64).max
LIMIT = 2**49  # whole numbers are cut off there (56 billion euros), so that 8,192 rows of one owner cannot overflow
# A distance up to 2^50 is squared in two halves of 25 bits, so that the squares of 8,192 rows add up within 63 bits.
HALF = 25
LOW = (1 << HALF) - 1

# A run: its first row, the row after its last, and its column of the result.
FROM, UNTIL, PLACE = range(3)
# A job: the subset of rows it looks at, and then which row of the result takes each thing it tells, in this order;
# NOWHERE where that is not wanted.
NOWHERE = -1
ROWS, FIRST = range(1, 3)
KNOWN, TOTAL, MEAN, LEAST, GREATEST, DEVIATION = range(1, 7)

_WHOLE, _REAL, _FLAGS, _CODES = (
    _types.Array(kind, 1, "C", readonly=True) for kind in (_types.int64, _types.float64, _types.boolean, _types.uint8)
)
_MONTHS = _types.Array(_types.int32, 1, "C", readonly=True)
_RUNS = _JOBS = _types.Array(_types.int64, 2, "C", readonly=True)
_SUBSETS = _types.Array(_types.boolean, 2, "C", readonly=True)
_RESULT = _types.Array(_types.float64, 2, "C")
_WRITABLE = _types.Array(_types.int64, 1, "C")


def _compiled(*arguments: Any, gives: Any = _types.void) -> Callable[[_Loop], _Loop]:
    """Return what compiles a loop for these types of arguments, so that other threads run beside it."""

    def compiled(loop: _Loop) -> _Loop:
        make: Any = numba.njit
        options = {"nogil": True, "error_model": "numpy"}
        try:
            quick: _Loop = make(gives(*arguments), cache=True, **options)(loop)
        except RuntimeError:  # no folder may be written to that would keep the machine code
            quick = make(gives(*arguments), **options)(loop)
        return quick

    return compiled


@_compiled(_REAL, _types.int64, _WRITABLE)
def make_whole(values: Real, scale: int, whole: Whole) -> None:
    """Fill `whole` with the values as whole numbers, so many of which make one, cut off at `LIMIT`."""
    for row in range(len(values)):
        value = values[row] * scale
        if value == value:  # noqa: PLR0124  NaN alone differs from itself
            whole[row] = int(np.rint(min(max(value, -LIMIT), LIMIT)))
        else:
            whole[row] = MISSING


@_compiled(_types.int64, _types.int64, _WHOLE, _FLAGS, _types.int64, gives=_types.float64)
def sum_squares(first: int, end: int, whole: Whole, inside: Flags, centre: int) -> float:
    """Return the sum of squared distances of known numbers inside the subset from a whole number."""
    low, middle, high = 0, 0, 0
    for row in range(first, end):
        if inside[row] and whole[row] != MISSING:
            distance = abs(whole[row] - centre)
            low += (distance & LOW) * (distance & LOW)
            middle += (distance & LOW) * (distance >> HALF)
            high += (distance >> HALF) * (distance >> HALF)
    return low + middle * 2.0 ** (HALF + 1) + high * 2.0 ** (2 * HALF)


@_compiled(_RUNS, _WHOLE, _types.int64, _FLAGS, _WHOLE, _RESULT)
def take_statistics(  # noqa: C901  a condition for each statistic
    runs: Whole, whole: Whole, scale: int, inside: Flags, job: Whole, result: Real
) -> None:
    """Take the statistics of one column over each run's rows inside the subset."""
    for number in range(len(runs)):
        first, end, place = runs[number, FROM], runs[number, UNTIL], runs[number, PLACE]
        known, total, least, greatest = 0, 0, LARGEST, MISSING
        for row in range(first, end):
            value = whole[row]
            # All bits are set where the row counts: no branch, for none could be foreseen.
            bits = -(int(inside[row]) & int(value != MISSING))
            known -= bits
            total += value & bits
            least = min(least, (value & bits) | (LARGEST & ~bits))
            greatest = max(greatest, (value & bits) | (MISSING & ~bits))
        if job[KNOWN] >= 0:
            result[job[KNOWN], place] = known
        if known == 0:
            continue
        if job[TOTAL] >= 0:
            result[job[TOTAL], place] = total / scale
        if job[MEAN] >= 0:
            result[job[MEAN], place] = total / (known * scale)
        if job[LEAST] >= 0:
            result[job[LEAST], place] = least / scale
        if job[GREATEST] >= 0:
            result[job[GREATEST], place] = greatest / scale
        if job[DEVIATION] >= 0 and known > 1:
            # Distances from the mean rounded down are whole; what that adds to their squares is taken off again.
            centre = total // known
            rest = float(total - centre * known)
            squares = sum_squares(first, end, whole, inside, centre) - rest * rest / known
            result[job[DEVIATION], place] = np.sqrt(max(squares, 0.0) / (known - 1)) / scale


@_compiled(_RUNS, _FLAGS, _WHOLE, _WRITABLE, _RESULT)
def count_rows(runs: Whole, inside: Flags, job: Whole, before: Whole, result: Real) -> None:
    """Count each run's rows inside the subset, and find the first of them; `before` is room to work in.

    A count is the difference of two of all rows: quicker than to go through short runs one by one.
    """
    before[0] = 0
    for row in range(len(inside)):
        before[row + 1] = before[row] + inside[row]
    for number in range(len(runs)):
        first, end, place = runs[number, FROM], runs[number, UNTIL], runs[number, PLACE]
        count = before[end] - before[first]
        if job[ROWS] >= 0:
            result[job[ROWS], place] = count
        if job[FIRST] >= 0 and count:
            while not inside[first]:
                first += 1
            result[job[FIRST], place] = first


@_compiled(_RUNS, _REAL, _types.int64, _SUBSETS, _JOBS, _RESULT)
def look_at_numbers(runs: Whole, values: Real, scale: int, subsets: Flags, jobs: Whole, result: Real) -> None:
    """Do the jobs that look at one column of numbers.

    values: NaN where missing; scale: how many whole numbers make one. subsets: a row of flags each. result: a row for
    each thing wanted; what a job cannot tell of a run is left as it was.
    """
    whole = np.empty(len(values), np.int64)
    make_whole(values, scale, whole)
    for number in range(len(jobs)):
        take_statistics(runs, whole, scale, subsets[jobs[number, 0]], jobs[number], result)


@_compiled(_RUNS, _SUBSETS, _JOBS, _RESULT)
def look_at_rows(runs: Whole, subsets: Flags, jobs: Whole, result: Real) -> None:
    """Do the jobs that look at the rows themselves, as `look_at_numbers` does."""
    before = np.empty(subsets.shape[1] + 1, np.int64)
    for number in range(len(jobs)):
        count_rows(runs, subsets[jobs[number, 0]], jobs[number], before, result)


@_compiled(_RUNS, _CODES, _RESULT)
def count_codes(runs: Whole, codes: Codes, result: Real) -> None:
    """Count each run's rows by their code: `result` has a row for each code."""
    for number in range(len(runs)):
        first, end, place = runs[number, FROM], runs[number, UNTIL], runs[number, PLACE]
        for row in range(first, end):
            result[codes[row], place] += 1


@_compiled(_RUNS, _CODES, _MONTHS, _CODES, _MONTHS, _RESULT)
def look_at_months(runs: Whole, statuses: Codes, months: Months, is_late: Codes, spans: Months, result: Real) -> None:
    """Count each run's rows by status, and its late ones by age, and find its first month and its last.

    months: `MISSING_MONTH` where missing, and then older than any span. is_late: 1 or 0 by status. spans: the oldest
    month of each. result: a row for each status, then for each span its late months, then the first month, the last
    (left as they were where none is known) and the number of rows.
    """
    counts = np.empty(len(is_late) + len(spans), np.int64)
    for number in range(len(runs)):
        first, end, place = runs[number, FROM], runs[number, UNTIL], runs[number, PLACE]
        counts[:] = 0
        oldest, newest = LARGEST, MISSING
        for row in range(first, end):
            status, month = statuses[row], int(months[row])
            counts[status] += 1
            if month != MISSING_MONTH:
                oldest, newest = min(oldest, month), max(newest, month)
            if is_late[status]:
                for span in range(len(spans)):
                    counts[len(is_late) + span] += month >= spans[span]
        for row in range(len(counts)):
            result[row, place] = counts[row]
        if newest != MISSING:
            result[len(counts), place], result[len(counts) + 1, place] = oldest, newest
        result[len(counts) + 2, place] = end - first
