"""What one cell says: a number as people write it, a word of a list in its published form or in the reader's language.

Every reader takes the text of a cell that is not empty, and raises ValueError with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.categories import LABELS, NO_VALUE_LABELS
from applications.models import Application
from applications.models.facts import Unit, published_fields
from applications.selectors.facts import NOT_EMPLOYED_DAYS
from applications.templatetags.scoring_format import plain
from modelling.features.catalogue import CATALOGUE
from modelling.features.schema import Column, Kind
from modelling.features.tables import LARGEST_AMOUNT

MISSING = frozenset({"", "na", "n/a", "null", "none", "nan"})
# As many digits as any program writes of a double: 0.0005272652387098817 has nineteen decimals.
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,30})?([eE][+-]?\d{1,2})?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_YES_NO = {"1": 1, "oui": 1, "yes": 1, "y": 1, "0": 0, "non": 0, "no": 0, "n": 0}
_OLDEST_DAYS, _OF_AGE_DAYS, _LONG_AGO_DAYS = -36_525, -6_574, -40_000
_LONGEST_TOLD = 40
_LARGEST_INTEGER = 2**31 - 1

Value = float | int | str


def shortened(cell: str) -> str:
    """Return what a sentence repeats of a cell."""
    return cell if len(cell) <= _LONGEST_TOLD else f"{cell[:_LONGEST_TOLD]}…"


def value_of(column: Column, cell: str) -> Value | None:
    """Return what a cell of this column says; None when it says nothing. Raises ValueError with a sentence."""
    text = cell.strip()
    return None if not text or text.lower() in MISSING else _READERS[column.kind](column, text)


def _number(text: str) -> float:
    written = _SPACES.sub("", text).removesuffix("€").replace(",", ".")
    if not _NUMBER.fullmatch(written):
        raise ValueError(_("a number is expected here, not “%(cell)s”") % {"cell": shortened(text)})
    return float(written)


def _real(column: Column, text: str) -> float:
    low, high = _range(column.name)
    return _within(_number(text), low, high)


def _integer(column: Column, text: str) -> int:
    number = _number(text)
    if not number.is_integer():
        raise ValueError(_("a whole number is expected here, not “%(cell)s”") % {"cell": shortened(text)})
    if column.name == "days_employed" and number == NOT_EMPLOYED_DAYS:
        return NOT_EMPLOYED_DAYS
    low, high = _range(column.name)
    return int(_within(number, low, min(high, _LARGEST_INTEGER)))


def _key(column: Column, text: str) -> int:
    digits = _SPACES.sub("", text)
    if not re.fullmatch(r"[0-9]{1,18}", digits):
        raise ValueError(_("a number of digits only is expected here, not “%(cell)s”") % {"cell": shortened(text)})
    return int(digits)


def _flag(column: Column, text: str) -> int:
    answer = _YES_NO.get(text.lower().removesuffix(".0"))
    if answer is None:
        raise ValueError(_("0 or 1 is expected here, not “%(cell)s”") % {"cell": shortened(text)})
    return answer


def _category(column: Column, text: str) -> str:
    known = _levels(column.name, get_language())
    level = known.get(text.casefold())
    if level is None:
        some = ", ".join(list(LABELS.get(column.name, {}))[:6])
        told = {"cell": shortened(text), "levels": some}
        raise ValueError(_("“%(cell)s” is none of the words of this column, such as %(levels)s") % told)
    return level


def _within(number: float, low: float, high: float) -> float:
    if not low <= number <= high:
        told = {"low": plain(low), "high": plain(high), "number": plain(number)}
        raise ValueError(_("a number from %(low)s to %(high)s is expected here, not %(number)s") % told)
    return number


@cache
def _range(name: str) -> tuple[float, float]:
    """Return the plausible range of a column, as the catalogue tells it; days lie before the application."""
    if name == "days_birth":
        return _OLDEST_DAYS, _OF_AGE_DAYS
    if any(fact.name == name and fact.unit == Unit.DAYS_TO_DATE for fact in published_fields(Application)):
        return _LONG_AGO_DAYS, 0
    feature = CATALOGUE.get(name)
    if feature is None or feature.low is None or feature.high is None:
        return -LARGEST_AMOUNT, LARGEST_AMOUNT
    return feature.low, feature.high


@cache
def _levels(name: str, language: str | None) -> dict[str, str]:
    """Return the published words of a column by how they may be written in this language, in small letters."""
    words: Mapping[str, object] = {**LABELS.get(name, {}), **NO_VALUE_LABELS}
    said = {str(label).casefold(): level for level, label in reversed(list(words.items()))}
    return said | {level.casefold(): level for level in words}


_READERS: Mapping[Kind, Callable[[Column, str], Value]] = {
    Kind.KEY: _key,
    Kind.INTEGER: _integer,
    Kind.REAL: _real,
    Kind.FLAG: _flag,
    Kind.CATEGORY: _category,
}
