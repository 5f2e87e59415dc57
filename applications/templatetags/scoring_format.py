"""How a number, a date or a length of time is written: in French as in France, in English as in Britain.

Every filter takes None for "not given" and then writes a dash; none of them queries.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

register = template.Library()

SPACE = "\u00a0"
MINUS = "\u2212"
MISSING = "–"
DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / 12
DAYS_UNTIL_TOLD_IN_MONTHS = 60


def is_french() -> bool:
    """Tell whether the page is written in French."""
    return (get_language() or "fr").startswith("fr")


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """Write 12345.678 as "12 345,68" with two decimals; the minus sign is a true one."""
    if value is None or math.isnan(value):
        return MISSING
    text = f"{abs(value):,.{decimals}f}"
    if is_french():
        text = text.replace(",", SPACE).replace(".", ",")
    is_negative = value < 0 and any(digit in "123456789" for digit in text)
    return f"{MINUS}{text}" if is_negative else text


@register.filter
def plain(value: float | None) -> str:
    """Write a number with the decimals it needs: "16", "0,57", "1 234,5"; at most four significant ones."""
    if value is None or math.isnan(value):
        return MISSING
    if float(value).is_integer():
        return number(value)
    decimals = next((places for places in (1, 2) if abs(value - round(value, places)) < 1e-6), 2)
    return number(value, 4 if 0 < abs(value) < 0.01 else decimals)


@register.filter
def significant(value: float | None) -> str:
    """Write a number with three significant digits, a whole one as it is: "0,0312", "240"."""
    if value is None or math.isnan(value):
        return MISSING
    if float(value).is_integer():
        return number(value)
    return number(value, max(0, 2 - math.floor(math.log10(abs(value)))))


@register.filter
def signed(value: float | None, decimals: int = 2) -> str:
    """Write a number with its sign, "+0,62" or "−0,34"; what rounds to zero has none."""
    text = number(value, decimals)
    is_positive = value is not None and value > 0 and any(digit in "123456789" for digit in text)
    return f"+{text}" if is_positive else text


@register.filter
def euros(value: float | None, decimals: int | None = None) -> str:
    """Write an amount: "12 345,67 €" or "€12,345.67"; cents are left out where there are none."""
    if value is None or math.isnan(value):
        return MISSING
    places = decimals if decimals is not None else 0 if float(value).is_integer() else 2
    text = number(value, places)
    if is_french():
        return f"{text}{SPACE}€"
    return f"{MINUS}€{text[1:]}" if text.startswith(MINUS) else f"€{text}"


@register.filter
def percent(value: float | None, decimals: int = 1) -> str:
    """Write a share of 1 as "8,1 %" or "8.1%"."""
    if value is None or math.isnan(value):
        return MISSING
    text = number(value * 100, decimals)
    return f"{text}{SPACE}%" if is_french() else f"{text}%"


@register.filter
def short_percent(value: float) -> str:
    """Write a share of 1 without needless decimals: "20 %", "9,1 %"."""
    return percent(value, 0 if abs(value * 100 - round(value * 100)) < 0.05 else 1)


@register.filter
def points(share: float) -> str:
    """Write a difference of two shares in points, without its sign: "3,3 points"."""
    value = round(abs(share) * 100, 1)
    amount = number(value, 1)
    # French counts everything below two as one.
    is_one = value < 2 if is_french() else value == 1
    words = gettext("%(amount)s point") if is_one else gettext("%(amount)s points")
    return words % {"amount": amount}


@register.filter
def reference(value: int) -> str:
    """Write the number of an application in groups of three: "100 002"."""
    return f"{value:,}".replace(",", SPACE)


@register.filter
def day(value: date | None) -> str:
    """Write a date: "21/11/2026" or "21 Nov 2026"."""
    if value is None:
        return MISSING
    return date_format(value, "d/m/Y" if is_french() else "j M Y")


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment in the site's time zone: "21/11/2026 à 14:32"."""
    if value is None:
        return MISSING
    local = timezone.localtime(value)
    return gettext("%(day)s at %(time)s") % {"day": day(local.date()), "time": local.strftime("%H:%M")}


@register.filter
def age_in_words(received_on: date, today: date | None = None) -> str:
    """Write how long ago a day was: "today", "yesterday", "3 days ago", "4 months ago"."""
    days = ((today or timezone.localdate()) - received_on).days
    if days <= 0:
        return gettext("today")
    if days == 1:
        return gettext("yesterday")
    return gettext("%(duration)s ago") % {"duration": duration(days)}


@register.filter
def duration(days: float | timedelta | None) -> str:
    """Write a length of time given in days, whatever its sign: "25 years 3 months", "5 months", "12 days"."""
    if days is None:
        return MISSING
    count = abs(days.days if isinstance(days, timedelta) else round(days))
    if count < DAYS_UNTIL_TOLD_IN_MONTHS:
        return _days(count)
    return months(count / DAYS_A_MONTH)


@register.filter
def years(value: float | None) -> str:
    """Write a length of time given in years: "1 year 9 months"."""
    if value is None or math.isnan(value):
        return MISSING
    days = abs(value) * DAYS_A_YEAR
    return duration(days) if days < DAYS_UNTIL_TOLD_IN_MONTHS else months(value * 12)


@register.filter
def months(value: float | None) -> str:
    """Write a length of time given in months, whatever its sign: "1 year 9 months"."""
    if value is None or math.isnan(value):
        return MISSING
    whole_years, rest = divmod(int(abs(value) + 1e-6), 12)
    if not whole_years:
        return _months(rest)
    return f"{_years(whole_years)} {_months(rest)}" if rest and whole_years < 20 else _years(whole_years)


@register.filter
def coordinate(value: float) -> str:
    """Write a number for an SVG attribute, never in the reader's language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": number(count)}


def _months(count: int) -> str:
    return ngettext("%(count)s month", "%(count)s months", count) % {"count": number(count)}


def _years(count: int) -> str:
    return ngettext("%(count)s year", "%(count)s years", count) % {"count": number(count)}
