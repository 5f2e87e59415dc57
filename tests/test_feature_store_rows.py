"""The rows of a range of clients, and the lines that tell where they stand and whether a client's rows changed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from modelling.errors import TableSchemaError
from modelling.feature_store.clients import DIGEST, FILE, client_lines, read_client_lines
from modelling.feature_store.ranges import ClientRange, client_ranges
from modelling.features.files import as_stored
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from tests.lab_tables import Shape, by_name, random_tables, shuffled
from tests.snapshot_folder import write_snapshot

CLIENTS = 11
TABLES_OF_TEST = random_tables(3, Shape(clients=CLIENTS))


def digests_of(tables: Tables) -> dict[int, int]:
    return dict(client_lines(as_stored(tables)).select("sk_id_curr", DIGEST).iter_rows())


def changed(tables: Tables, name: str, column: str, value: object) -> tuple[int, Tables]:
    """Give a client that has a row in this table, and the tables with another value in its first one."""
    frame: pl.DataFrame = getattr(tables, name)
    other = frame.with_columns(pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(value)).otherwise(column).alias(column))
    owners = frame if "sk_id_curr" in frame.columns else frame.join(tables.bureau, on="sk_id_bureau", how="left")
    return owners["sk_id_curr"][0], replace(tables, **{name: other.cast(pl.Schema(TABLES[name].schema))})


def ranges_of(folder: Path, clients: int) -> list[ClientRange]:
    return client_ranges(read_client_lines(folder), clients)


@pytest.mark.parametrize("clients", [1, 4, 11, 50])
def test_the_ranges_together_hold_every_row_once(tmp_path: Path, clients: int) -> None:
    write_snapshot(tmp_path / "one", TABLES_OF_TEST)

    found = ranges_of(tmp_path / "one", clients)

    assert sum(each.clients for each in found) == CLIENTS
    read = [by_name(each.tables(tmp_path / "one")) for each in found]
    for name, frame in by_name(TABLES_OF_TEST).items():
        together = pl.concat(part[name] for part in read)
        assert together.sort(together.columns).equals(frame.sort(frame.columns)), name


def test_a_file_whose_rows_are_not_in_order_is_refused(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "one", TABLES_OF_TEST)
    TABLES_OF_TEST.bureau.sort("sk_id_curr", descending=True).write_parquet(tmp_path / "one" / "bureau.parquet")

    with pytest.raises(TableSchemaError, match=r"bureau\.parquet should hold its rows by rising sk_id_curr; take a"):
        ranges_of(tmp_path / "one", 4)[0].tables(tmp_path / "one")


def test_monthly_rows_that_do_not_name_their_client_are_refused(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "one", TABLES_OF_TEST)
    TABLES_OF_TEST.bureau_balance.write_parquet(tmp_path / "one" / "bureau_balance.parquet")

    with pytest.raises(TableSchemaError, match=r"bureau_balance\.parquet lacks sk_id_curr; take a new snapshot"):
        ranges_of(tmp_path / "one", 4)[0].tables(tmp_path / "one")


def test_rows_of_a_client_between_two_ranges_are_noticed(tmp_path: Path) -> None:
    strangers = TABLES_OF_TEST.application.filter(pl.col("sk_id_curr") % 2 == 0)
    write_snapshot(tmp_path / "one", replace(TABLES_OF_TEST, application=strangers))

    for each in ranges_of(tmp_path / "one", 1)[1:-1]:
        tables = each.tables(tmp_path / "one")
        if set(tables.bureau["sk_id_curr"]) - set(tables.application["sk_id_curr"]):
            with pytest.raises(TableSchemaError, match="no application has"):
                tables.require_known_clients()
            return
    pytest.fail("no range held a stranger's row")


def test_lines_written_with_the_tables_are_what_the_tables_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_snapshot(tmp_path / "one", TABLES_OF_TEST)
    monkeypatch.setattr("modelling.feature_store.clients.ROWS_AT_ONCE", 3)

    written = read_client_lines(tmp_path / "one")
    (tmp_path / "one" / FILE).unlink()

    assert_frame_equal(read_client_lines(tmp_path / "one"), written)
    assert written.select(*TABLES).sum().row(0) == tuple(frame.height for frame in by_name(TABLES_OF_TEST).values())


def test_lines_of_other_tables_are_refused(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "one", TABLES_OF_TEST)
    TABLES_OF_TEST.bureau.head(1).write_parquet(tmp_path / "one" / "bureau.parquet")

    with pytest.raises(TableSchemaError, match=r"tells of \d+ rows in bureau\.parquet, which has 1; take"):
        read_client_lines(tmp_path / "one")


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "one", TABLES_OF_TEST)
    (tmp_path / "one" / "bureau.parquet").unlink()

    with pytest.raises(TableSchemaError, match=r"lacks bureau\.parquet"):
        ranges_of(tmp_path / "one", 4)[0].tables(tmp_path / "one")


def test_a_folder_without_applications_is_refused(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "one", Tables.of({"application": TABLES_OF_TEST.application.clear()}))

    with pytest.raises(TableSchemaError, match="holds no application"):
        ranges_of(tmp_path / "one", 4)[0].tables(tmp_path / "one")


def test_the_order_of_rows_changes_no_digest() -> None:
    assert digests_of(shuffled(TABLES_OF_TEST, seed=5)) == digests_of(TABLES_OF_TEST)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("application", "amt_credit", 77.0),
        ("application", "name_income_type", None),
        ("bureau", "days_credit", -4321),
        ("bureau_balance", "status", "a word"),
        ("previous_application", "cnt_payment", 99),
        ("pos_cash_balance", "sk_dpd", 77),
        ("installments_payments", "amt_payment", 77.0),
        ("credit_card_balance", "amt_balance", 77.0),
    ],
)
def test_any_changed_value_changes_the_digest_of_its_client_alone(table: str, column: str, value: object) -> None:
    client, other = changed(TABLES_OF_TEST, table, column, value)

    before, after = digests_of(TABLES_OF_TEST), digests_of(other)

    assert {number for number in before if before[number] != after[number]} == {client}


def test_a_repeated_row_and_a_value_in_another_column_count() -> None:
    rows = TABLES_OF_TEST.pos_cash_balance
    client = rows["sk_id_curr"][0]
    twice = replace(TABLES_OF_TEST, pos_cash_balance=pl.concat([rows, rows.head(1)]))
    swapped = rows.with_columns(sk_dpd=pl.lit(1), sk_dpd_def=pl.lit(2))
    back = rows.with_columns(sk_dpd=pl.lit(2), sk_dpd_def=pl.lit(1))

    assert digests_of(twice)[client] != digests_of(TABLES_OF_TEST)[client]
    one, other = (digests_of(replace(TABLES_OF_TEST, pos_cash_balance=frame)) for frame in (swapped, back))
    assert one[client] != other[client]


def test_an_outcome_that_became_known_changes_no_digest() -> None:
    known = TABLES_OF_TEST.application.with_columns(pl.lit(1, dtype=pl.Int8).alias("target"))

    assert digests_of(replace(TABLES_OF_TEST, application=known)) == digests_of(TABLES_OF_TEST)


@pytest.mark.slow
def test_another_process_gives_the_same_digests() -> None:
    program = "from tests.test_feature_store_rows import TABLES_OF_TEST, digests_of\nprint(digests_of(TABLES_OF_TEST))"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.strip() == str(digests_of(TABLES_OF_TEST))
    assert DIGEST not in TABLES_OF_TEST.application.columns
