"""What the published words of the category columns are called on a page; one meaning whatever the column."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop, pgettext

UNKNOWN = frozenset({"", "XNA", "XAP", "Unknown", "not specified"})

WORDS: Mapping[str, str] = {
    # type of loan
    "Cash loans": gettext_noop("Personal loan"),
    "Revolving loans": gettext_noop("Revolving credit"),
    # who came along
    "Unaccompanied": gettext_noop("Came alone"),
    "Family": gettext_noop("Family"),
    "Spouse, partner": gettext_noop("Spouse or partner"),
    "Children": gettext_noop("Children"),
    "Group of people": gettext_noop("Group of people"),
    "Other_A": gettext_noop("Other person"),
    "Other_B": gettext_noop("Other person"),
    # source of income
    "Working": gettext_noop("Salary"),
    "State servant": gettext_noop("Public service"),
    "Commercial associate": gettext_noop("Business partner"),
    "Pensioner": gettext_noop("Pension"),
    "Unemployed": gettext_noop("Unemployment"),
    "Student": gettext_noop("Studies"),
    "Businessman": gettext_noop("Own business"),
    "Maternity leave": gettext_noop("Parental leave"),
    # education
    "Academic degree": gettext_noop("Doctorate"),
    "Higher education": gettext_noop("Higher education"),
    "Incomplete higher": gettext_noop("Higher education, not completed"),
    "Secondary / secondary special": gettext_noop("Secondary school"),
    "Lower secondary": gettext_noop("Lower secondary school"),
    # housing
    "House / apartment": gettext_noop("House or flat"),
    "Rented apartment": gettext_noop("Rented flat"),
    "Municipal apartment": gettext_noop("Municipal flat"),
    "Office apartment": gettext_noop("Company flat"),
    "Co-op apartment": gettext_noop("Co-operative flat"),
    "With parents": gettext_noop("With parents"),
    # occupation
    "Accountants": gettext_noop("Accountant"),
    "Cleaning staff": gettext_noop("Cleaner"),
    "Cooking staff": gettext_noop("Cook"),
    "Core staff": gettext_noop("Core staff"),
    "Drivers": gettext_noop("Driver"),
    "HR staff": gettext_noop("Human resources"),
    "High skill tech staff": gettext_noop("Skilled technician"),
    "IT staff": gettext_noop("Information technology"),
    "Laborers": gettext_noop("Manual worker"),
    "Low-skill Laborers": gettext_noop("Unskilled worker"),
    "Managers": gettext_noop("Manager in a company"),
    "Medicine staff": gettext_noop("Health worker"),
    "Private service staff": gettext_noop("Personal services"),
    "Realty agents": gettext_noop("Estate agent"),
    "Sales staff": gettext_noop("Sales staff"),
    "Secretaries": gettext_noop("Secretary"),
    "Security staff": gettext_noop("Security guard"),
    "Waiters/barmen staff": gettext_noop("Waiter or barman"),
    # employer's sector
    "Advertising": gettext_noop("Advertising"),
    "Agriculture": gettext_noop("Agriculture"),
    "Bank": gettext_noop("Banking"),
    "Cleaning": gettext_noop("Cleaning"),
    "Construction": gettext_noop("Construction"),
    "Culture": gettext_noop("Culture"),
    "Electricity": gettext_noop("Electricity"),
    "Emergency": gettext_noop("Emergency services"),
    "Government": gettext_noop("Government"),
    "Hotel": gettext_noop("Hotels"),
    "Housing": gettext_noop("Housing"),
    "Insurance": gettext_noop("Insurance"),
    "Kindergarten": gettext_noop("Nursery school"),
    "Legal Services": gettext_noop("Legal services"),
    "Medicine": gettext_noop("Health"),
    "Military": gettext_noop("Armed forces"),
    "Mobile": gettext_noop("Mobile telephony"),
    "Other": gettext_noop("Other"),
    "Police": gettext_noop("Police"),
    "Postal": gettext_noop("Postal services"),
    "Realtor": gettext_noop("Real estate"),
    "Religion": gettext_noop("Religious body"),
    "Restaurant": gettext_noop("Restaurants"),
    "School": gettext_noop("School"),
    "Security": gettext_noop("Security"),
    "Security Ministries": gettext_noop("Security ministries"),
    "Self-employed": gettext_noop("Self-employed"),
    "Services": gettext_noop("Services"),
    "Telecom": gettext_noop("Telecommunications"),
    "University": gettext_noop("University"),
    # weekday
    "MONDAY": gettext_noop("Monday"),
    "TUESDAY": gettext_noop("Tuesday"),
    "WEDNESDAY": gettext_noop("Wednesday"),
    "THURSDAY": gettext_noop("Thursday"),
    "FRIDAY": gettext_noop("Friday"),
    "SATURDAY": gettext_noop("Saturday"),
    "SUNDAY": gettext_noop("Sunday"),
    # the building
    "block of flats": gettext_noop("Block of flats"),
    "terraced house": gettext_noop("Terraced house"),
    "specific housing": gettext_noop("Other building"),
    "Block": gettext_noop("Concrete blocks"),
    "Mixed": gettext_noop("Mixed materials"),
    "Monolithic": gettext_noop("Cast concrete"),
    "Others": gettext_noop("Other material"),
    "Panel": gettext_noop("Panels"),
    "Stone, brick": gettext_noop("Stone or brick"),
    "Wooden": gettext_noop("Wood"),
    "reg oper account": gettext_noop("Operator's account"),
    "reg oper spec account": gettext_noop("Operator's special account"),
    "org spec account": gettext_noop("Special account"),
    # no and yes
    "Y": gettext_noop("Yes"),
    "N": gettext_noop("No"),
    "Yes": gettext_noop("Yes"),
    "No": gettext_noop("No"),
}

# The publisher numbers some sectors without saying what the numbers mean: "Trade: type 3", "Business Entity Type 2".
_NUMBERED = re.compile(r"^(?P<sector>Industry|Trade|Transport|Business Entity):? [Tt]ype (?P<number>\d+)$")
_SECTORS: Mapping[str, str] = {
    "Industry": gettext_noop("Industry, type %(number)s"),
    "Trade": gettext_noop("Trade, type %(number)s"),
    "Transport": gettext_noop("Transport, type %(number)s"),
    "Business Entity": gettext_noop("Company, type %(number)s"),
}


def category_word(published: str | None) -> str:
    """Return what a published word is called in the reader's language; one we have no name for stays as it came."""
    if published is None or published in UNKNOWN:
        return pgettext("category", "not given")
    numbered = _NUMBERED.match(published)
    if numbered:
        return gettext(_SECTORS[numbered["sector"]]) % {"number": numbered["number"]}
    return gettext(WORDS[published]) if published in WORDS else published
