"""Who the client is: age, work, family, home, phones, documents and region."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelling.demo_data.constants import constants, frequencies, frequency_table
from modelling.demo_data.draws import (
    Flags,
    Floats,
    Stream,
    Words,
    crossed,
    pick,
    pick_given,
    words_where,
)
from modelling.demo_data.people import People

NOT_EMPLOYED_DAYS = 365_243
ADULT_DAYS = 17 * 365.25
DOCUMENT_BITS = ("FLAG_DOCUMENT_3", "FLAG_DOCUMENT_5", "FLAG_DOCUMENT_6", "FLAG_DOCUMENT_8")
REGION_BITS = ("REG_REGION_NOT_LIVE_REGION", "REG_REGION_NOT_WORK_REGION", "LIVE_REGION_NOT_WORK_REGION")
CITY_BITS = ("REG_CITY_NOT_LIVE_CITY", "REG_CITY_NOT_WORK_CITY", "LIVE_CITY_NOT_WORK_CITY")
COUPLES = ("Married", "Civil marriage")

Columns = dict[str, Any]


def draw_person(people: People) -> Columns:
    """Give the columns that describe the person, by published column name."""
    random = people.stream(Stream.PERSON)
    age_days = -np.round(people.value("DAYS_BIRTH"))
    columns = _station(random, age_days)
    has_job = ~columns["NAME_INCOME_TYPE"].is_in("Pensioner", "Unemployed")
    columns |= {"DAYS_BIRTH": -age_days, "DAYS_EMPLOYED": _days_employed(people, random, age_days, has_job)}
    columns |= _household(people, random, age_days, columns)
    columns |= _dates(people, random, age_days)
    columns |= _contacts(random, has_job)
    columns |= _documents(random, has_job)
    columns |= _regions(people, random, has_job)
    return columns


def _given(random: np.random.Generator, table: str, condition: Words) -> Words:
    ranks = random.random(len(condition.codes))
    return pick_given(frequency_table("application", "tables", table), condition, ranks)


def _age_band(age_days: Floats) -> Words:
    edges = constants()["application"]["age_band_edges"]
    codes = np.searchsorted(edges, age_days / 365.25, side="left").astype(np.int64)
    return Words(codes, tuple(str(i) for i in range(len(edges) + 1)))


def _station(random: np.random.Generator, age_days: Floats) -> Columns:
    """Draw income type, sex, employer, education and occupation, each given what shapes it."""
    income = _given(random, "income_by_age", _age_band(age_days))
    sex = _given(random, "sex_by_income", income)
    employer = _given(random, "organisation_by_income_and_sex", crossed(income, sex))
    employer = _without_employer(employer, income, random)
    return {
        "NAME_INCOME_TYPE": income,
        "CODE_GENDER": sex,
        "ORGANIZATION_TYPE": employer,
        "NAME_EDUCATION_TYPE": _given(random, "education_by_organisation", employer),
        "OCCUPATION_TYPE": _given(random, "occupation_by_organisation", employer),
    }


def _without_employer(employer: Words, income: Words, random: np.random.Generator) -> Words:
    """Hold the law of the data: 'XNA' exactly where the client has no job."""
    jobless = income.is_in("Pensioner", "Unemployed")
    others = [i for i, level in enumerate(employer.levels) if level not in ("XNA", "")]
    spare = np.asarray(others)[random.integers(len(others), size=len(employer.codes))]
    codes = np.where(employer.is_in("XNA"), spare, employer.codes)
    return Words(np.where(jobless, employer.levels.index("XNA"), codes), employer.levels)


def _days_employed(people: People, random: np.random.Generator, age_days: Floats, has_job: Flags) -> Floats:
    longest = np.maximum(age_days - ADULT_DAYS, 60.0)
    drawn = -people.value("DAYS_EMPLOYED")
    days = np.where(drawn > longest, longest * random.uniform(0.1, 0.95, people.count), drawn)
    return np.where(has_job, -np.round(days), float(NOT_EMPLOYED_DAYS))


def _household(people: People, random: np.random.Generator, age_days: Floats, columns: Columns) -> Columns:
    band, sex = _age_band(age_days), columns["CODE_GENDER"]
    family = _given(random, "family_by_sex_and_age", crossed(sex, band))
    children = people.level("CNT_CHILDREN")
    car = _given(random, "car_by_sex", sex)
    car_age = np.where(car.is_in("Y"), np.round(people.value("OWN_CAR_AGE")), np.nan)
    return {
        "NAME_FAMILY_STATUS": family,
        "CNT_CHILDREN": children,
        "CNT_FAM_MEMBERS": children + np.where(family.is_in(*COUPLES), 2, 1),
        "NAME_HOUSING_TYPE": _given(random, "housing_by_age", band),
        "FLAG_OWN_CAR": car,
        "FLAG_OWN_REALTY": _given(random, "realty_by_age", band),
        "OWN_CAR_AGE": car_age,
    }


def _dates(people: People, random: np.random.Generator, age_days: Floats) -> Columns:
    def past(column: str, longest: Floats) -> Floats:
        drawn = np.maximum(-people.value(column), 0.0)
        within: Floats = np.where(drawn > longest, longest * random.random(people.count), drawn)
        days: Floats = -np.round(within)
        return days

    return {
        "DAYS_REGISTRATION": past("DAYS_REGISTRATION", age_days),
        "DAYS_ID_PUBLISH": past("DAYS_ID_PUBLISH", age_days - 14 * 365.25),
        "DAYS_LAST_PHONE_CHANGE": past("DAYS_LAST_PHONE_CHANGE", age_days),
    }


def _contacts(random: np.random.Generator, has_job: Flags) -> Columns:
    rates = frequencies("application", "flag_rates")
    count = len(has_job)
    job = words_where(has_job, "yes", "no")
    flags = {name: random.random(count) < rates[name] for name in ("FLAG_CONT_MOBILE", "FLAG_PHONE", "FLAG_EMAIL")}
    work_phone = _given(random, "work_phone_by_job", job).is_in("1")
    return flags | {"FLAG_MOBIL": np.ones(count), "FLAG_EMP_PHONE": has_job, "FLAG_WORK_PHONE": work_phone}


def _documents(random: np.random.Generator, has_job: Flags) -> Columns:
    rates = frequencies("application", "flag_rates")
    names = [name for name in rates if name.startswith("FLAG_DOCUMENT_") and name not in DOCUMENT_BITS]
    columns: Columns = {name: random.random(len(has_job)) < rates[name] for name in names}
    job = words_where(has_job, "yes", "no")
    return columns | _bits(_given(random, "document_bits_by_job", job), DOCUMENT_BITS)


def _regions(people: People, random: np.random.Generator, has_job: Flags) -> Columns:
    job = words_where(has_job, "yes", "no")
    rating = people.level("REGION_RATING_CLIENT")
    # The rating with the city differs for one client in fifty, then by one class towards the best.
    moved = random.random(people.count) < 0.02
    columns: Columns = {
        "REGION_POPULATION_RELATIVE": np.round(people.value("REGION_POPULATION_RELATIVE"), 4),
        "REGION_RATING_CLIENT": rating,
        "REGION_RATING_CLIENT_W_CITY": np.maximum(rating - moved, 1),
    }
    columns |= _bits(_given(random, "region_bits_by_job", job), REGION_BITS)
    columns |= _bits(_given(random, "city_bits_by_job", job), CITY_BITS)
    return columns | {
        "WEEKDAY_APPR_PROCESS_START": pick(
            frequencies("application", "frequencies", "WEEKDAY_APPR_PROCESS_START"), random.random(people.count)
        ),
        "HOUR_APPR_PROCESS_START": people.level("HOUR_APPR_PROCESS_START"),
    }


def _bits(patterns: Words, names: tuple[str, ...]) -> Columns:
    """Split a pattern such as '011' into one flag a name."""
    return {
        name: patterns.valued({level: float(level[place]) for level in patterns.levels})
        for place, name in enumerate(names)
    }
