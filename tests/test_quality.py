"""What tables look like, and what is found when others look different."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from modelling.errors import TableSchemaError
from modelling.features.schema import TABLES, Kind
from modelling.features.tables import Tables
from modelling.quality import tally
from modelling.quality.comparison import Count, chance_of, compare_table
from modelling.quality.findings import Finding, FindingKind, Limits, Severity, worst_first
from modelling.quality.plausible import plausible_range
from modelling.quality.profile import Profile, TableProfile, read_profile, write_profile
from modelling.quality.tally import TableTally, profile_folder
from tests.lab_tables import Shape, by_name, random_tables
from tests.snapshot_folder import write_snapshot

WARN = {"unseen": 0.001, "outside": 0.001, "missing": 0.05, "owners": 0.05, "rows": 1.5}
BLOCK = {"unseen": 0.05, "outside": 0.05, "missing": 0.2, "owners": 0.2, "rows": 3}
LIMITS = Limits(WARN, BLOCK, chance=1e-5)
CLIENTS = 1_000


def applications(rows: int = CLIENTS, **columns: Sequence[object]) -> pl.DataFrame:
    """Give applications alike: a third without goods price, ages from 20 to 60, two kinds of contract."""
    numbers = pl.int_range(rows, eager=True)
    usual = {
        "sk_id_curr": numbers + 1,
        "days_birth": -(7_300 + numbers * 7 % 14_600),
        "days_employed": -(numbers % 500),
        "amt_credit": 1_000.0 + numbers % 100,
        "amt_goods_price": [None if number % 3 == 0 else 900.0 for number in range(rows)],
        "ext_source_2": numbers % 100 / 100,
        "name_contract_type": ["Cash loans", "Revolving loans"] * (rows // 2) + ["Cash loans"] * (rows % 2),
    }
    frame = pl.DataFrame({**usual, **columns})
    missing = [pl.lit(None).alias(name) for name in TABLES["application"].column_names if name not in frame.columns]
    return Tables.of({"application": frame.with_columns(missing)}).application


def bureau(owners: int, each: int) -> pl.DataFrame:
    """Give `each` bureau credits to the first so many clients."""
    rows = pl.DataFrame({"sk_id_curr": [1 + number // each for number in range(owners * each)]})
    rows = rows.with_columns(pl.int_range(pl.len()).alias("sk_id_bureau"))
    missing = [pl.lit(None).alias(name) for name in TABLES["bureau"].column_names if name not in rows.columns]
    return Tables.of({"application": applications(2), "bureau": rows.with_columns(missing)}).bureau


def profile_of(**frames: pl.DataFrame) -> Profile:
    return Profile({name: profile_of_table(name, frame) for name, frame in frames.items()})


def profile_of_table(name: str, *pieces: pl.DataFrame) -> TableProfile:
    counted = TableTally(TABLES[name])
    for piece in pieces:
        counted.add(piece)
    return counted.profile()


THEN = profile_of(application=applications())


def compared(now: pl.DataFrame) -> list[Finding]:
    return compare_table("application", THEN, profile_of(application=now), LIMITS)


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def test_a_table_that_looks_the_same_has_no_finding() -> None:
    assert compared(applications(3_001)) == []


@pytest.mark.parametrize(("missing_each", "severity"), [(2, Severity.WARN), (1, Severity.BLOCK)])
def test_a_jump_of_the_missing_share_is_found(missing_each: int, severity: Severity) -> None:
    prices = [None if number % missing_each == 0 else 900.0 for number in range(CLIENTS)]

    found = only(compared(applications(amt_goods_price=prices)))

    assert (found.kind, found.severity, found.column) == (FindingKind.MISSING, severity, "amt_goods_price")
    assert found.then == pytest.approx(1 / 3, abs=0.001)
    assert found.now == 1 / missing_each


def test_fewer_missing_values_than_before_are_a_change_too() -> None:
    assert only(compared(applications(amt_goods_price=[900.0] * CLIENTS))).kind is FindingKind.MISSING


def test_a_handful_of_rows_does_not_cry_wolf() -> None:
    few = applications(8, amt_goods_price=[None] * 8, ext_source_2=[None] + [0.5] * 7)

    assert compared(few) == []


@pytest.mark.parametrize(("strangers", "severity"), [(1, Severity.WARN), (100, Severity.BLOCK)])
def test_words_that_no_row_had_are_found(strangers: int, severity: Severity) -> None:
    words = ["Barter"] * strangers + ["Cash loans", "Revolving loans"] * ((CLIENTS - strangers) // 2)

    found = only(compared(applications(name_contract_type=[*words, "Cash loans"][:CLIENTS])))

    assert (found.kind, found.severity, found.words) == (FindingKind.UNSEEN, severity, ("Barter",))
    assert (found.then, found.now) == (0, strangers / CLIENTS)


@pytest.mark.parametrize(("strange", "severity"), [(1, Severity.WARN), (100, Severity.BLOCK)])
def test_values_out_of_the_plausible_range_are_found(strange: int, severity: Severity) -> None:
    scores = [1.5] * strange + [0.5] * (CLIENTS - strange)

    found = only(compared(applications(ext_source_2=scores)))

    assert (found.kind, found.severity) == (FindingKind.OUTSIDE, severity)
    assert (found.low, found.high, found.now) == (0, 1, strange / CLIENTS)


@pytest.mark.parametrize(("value", "severity"), [(1_098.0, Severity.WARN), (100_000.0, Severity.BLOCK)])
def test_a_median_where_hardly_a_value_lay_is_found(value: float, severity: Severity) -> None:
    found = only(compared(applications(amt_credit=[value] * CLIENTS)))

    assert (found.kind, found.severity, found.column, found.now) == (FindingKind.MOVED, severity, "amt_credit", value)


def test_days_told_as_years_are_found() -> None:
    found = compared(applications(days_birth=[-40] * CLIENTS))

    assert {(one.kind, one.severity) for one in found} == {
        (FindingKind.OUTSIDE, Severity.BLOCK),
        (FindingKind.MOVED, Severity.BLOCK),
    }


def test_the_publishers_mark_for_no_day_counts_as_missing() -> None:
    found = only(compared(applications(days_employed=[365_243] * CLIENTS)))

    assert (found.kind, found.now) == (FindingKind.MISSING, 1.0)


@pytest.mark.parametrize(("each", "severity"), [(4, Severity.WARN), (7, Severity.BLOCK)])
def test_more_rows_a_client_are_found(each: int, severity: Severity) -> None:
    then = profile_of(bureau=bureau(500, 2))

    found = only(compare_table("bureau", then, profile_of(bureau=bureau(500, each)), LIMITS))

    assert (found.kind, found.severity, found.then, found.now) == (FindingKind.ROWS, severity, 2, each)


def test_few_clients_tell_no_mean() -> None:
    assert compare_table("bureau", profile_of(bureau=bureau(500, 2)), profile_of(bureau=bureau(5, 30)), LIMITS) == []


@pytest.mark.parametrize(("owners", "severity"), [(390, Severity.WARN), (0, Severity.BLOCK)])
def test_clients_who_lost_their_history_are_found(owners: int, severity: Severity) -> None:
    then = profile_of(application=applications(), bureau=bureau(500, 2))
    now = profile_of(application=applications(), bureau=bureau(owners, 2))

    found = only(compare_table("bureau", then, now, LIMITS))

    assert (found.kind, found.severity, found.then, found.now) == (FindingKind.OWNERS, severity, 0.5, owners / CLIENTS)


def test_a_history_of_more_clients_than_came_says_nothing_of_their_share() -> None:
    then = profile_of(application=applications(), bureau=bureau(500, 2))
    now = profile_of(application=applications(10), bureau=bureau(500, 2))

    assert compare_table("bureau", then, now, LIMITS) == []


@pytest.mark.parametrize(
    ("then", "now", "is_chance"),
    [
        (Count(0, 90_000), Count(1, 20), True),
        (Count(45_000, 90_000), Count(20, 20), True),
        (Count(250, 500), Count(200_000, 356_000), True),
        (Count(0, 90_000), Count(20, 20), False),
        (Count(5_000, 100_000), Count(6_000, 100_000), False),
        (Count(99_000, 100_000), Count(97_000, 100_000), False),
        (Count(500, 1_000), Count(390, 1_000), False),
        (Count(90, 90_000), Count(1, 5), True),
        (Count(0, 0), Count(5, 5), True),
    ],
)
def test_chance_explains_what_few_rows_show_and_not_what_many_do(then: Count, now: Count, *, is_chance: bool) -> None:
    assert (chance_of(then, now) > LIMITS.chance) is is_chance
    assert chance_of(then, now) == pytest.approx(chance_of(now, then))


def test_what_blocks_comes_first_then_the_greater_excess() -> None:
    small = Finding(FindingKind.MISSING, Severity.WARN, "application", "a", 0.1, 0.2, 0.5)
    large = replace(small, excess=0.9)
    block = replace(small, severity=Severity.BLOCK, excess=1.0)

    assert worst_first([small, large, block]) == [block, large, small]
    assert Finding.of_json(json.loads(json.dumps(block.to_json()))) == block


def test_pieces_add_up_to_the_whole() -> None:
    tables = random_tables(5, Shape(clients=40, rows=8))
    for name, frame in by_name(tables).items():
        assert profile_of_table(name, frame[:7], frame[7:]) == profile_of_table(name, frame), name


def test_a_folder_is_profiled_piece_by_piece_and_its_profile_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = random_tables(5, Shape(clients=40, rows=8))
    write_snapshot(tmp_path / "one", tables)
    whole = profile_folder(tmp_path / "one")
    monkeypatch.setattr(tally, "ROWS_AT_ONCE", 11)

    write_profile(profile_folder(tmp_path / "one"), tmp_path)

    assert read_profile(tmp_path / "profile.json") == whole
    assert whole.tables["bureau"].rows == tables.bureau.height
    assert whole.tables["bureau"].owners == tables.bureau["sk_id_curr"].n_unique()
    assert "target" not in whole.tables["application"].columns


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableSchemaError, match=r"lacks application\.parquet"):
        profile_folder(tmp_path)


def test_every_number_has_a_plausible_range() -> None:
    without = [
        (spec.name, column.name)
        for spec in TABLES.values()
        for column in spec.columns
        if column.kind not in {Kind.KEY, Kind.CATEGORY} and plausible_range(spec.name, column) is None
    ]

    assert without == []
