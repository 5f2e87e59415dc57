"""All tables of one chunk of clients, as Polars frames in the published layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from modelling.demo_data.bureau import draw_bureau
from modelling.demo_data.bureau_balance import draw_bureau_balance
from modelling.demo_data.constants import number_kinds
from modelling.demo_data.contracts import draw_contracts
from modelling.demo_data.credit_card import card_columns, draw_card_months
from modelling.demo_data.draws import Stream, Words
from modelling.demo_data.housing import draw_housing
from modelling.demo_data.instalments import card_payments, loan_payments
from modelling.demo_data.loan import draw_loan
from modelling.demo_data.people import People, draw_people
from modelling.demo_data.person import Columns, draw_person
from modelling.demo_data.pos_cash import draw_pos_cash
from modelling.demo_data.previous_application import previous_columns
from modelling.demo_data.previous_loans import draw_asked
from modelling.demo_data.risk import Risk, draw_risk
from modelling.demo_data.schedule import draw_schedule
from modelling.demo_data.surroundings import draw_surroundings
from modelling.features.schema import TABLES

Frames = dict[str, pl.DataFrame]
APPLICATION_FILES = ("application_train", "application_test")


def draw_chunk(seed: int, chunk: int, *, clients: int) -> Frames:
    """Give the chunk's frames by file name, cut to its first `clients` clients."""
    people = draw_people(seed, chunk)
    columns = draw_person(people) | draw_loan(people) | draw_housing(people) | draw_surroundings(people)
    risk = draw_risk(people, columns)
    frames = _applications(people, columns, risk) | _bureau(people, risk) | _previous(people, risk)
    return _first_clients(frames, int(people.client_id[clients - 1])) if clients < people.count else frames


def _applications(people: People, columns: Columns, risk: Risk) -> Frames:
    columns |= {"SK_ID_CURR": people.client_id, "TARGET": risk.target}
    both = as_frame("application", "application_train", columns)
    labelled = pl.Series(people.is_labelled)
    return {"application_train": both.filter(labelled), "application_test": both.filter(~labelled).drop("TARGET")}


def _bureau(people: People, risk: Risk) -> Frames:
    lines, columns = draw_bureau(people, risk.behaviour)
    return {
        "bureau": as_frame("bureau", "bureau", columns),
        "bureau_balance": as_frame("bureau_balance", "bureau_balance", draw_bureau_balance(people, lines)),
    }


def _previous(people: People, risk: Risk) -> Frames:
    random = people.stream(Stream.PREVIOUS)
    asked = draw_asked(people, risk.behaviour, random)
    terms = draw_contracts(asked, random)
    previous = as_frame("previous_application", "previous_application", previous_columns(people, asked, terms, random))
    loans, due = draw_schedule(people, asked, terms)
    months = draw_card_months(people, asked)
    payments = _joined(loan_payments(people, asked, loans, due, random), card_payments(people, asked, months, random))
    return {
        "previous_application": previous.filter(pl.Series(asked.is_known)),
        "POS_CASH_balance": as_frame("pos_cash_balance", "pos_cash_balance", draw_pos_cash(people, asked, loans, due)),
        "installments_payments": as_frame("installments_payments", "installments_payments", payments),
        "credit_card_balance": as_frame(
            "credit_card_balance", "credit_card_balance", card_columns(people, asked, months, random)
        ),
    }


def _joined(first: Columns, second: Columns) -> Columns:
    return {name: np.concatenate([first[name], second[name]]) for name in first}


def as_frame(table: str, profile: str, columns: Mapping[str, Any]) -> pl.DataFrame:
    """Put columns in the published order and coding: whole numbers, numbers with a point, words; gaps are null."""
    kinds = number_kinds(profile)
    names = [column.source for column in TABLES[table].columns]
    return pl.DataFrame([_series(name, columns[name], kinds.get(name)) for name in names])


def _series(name: str, values: Any, kind: str | None) -> pl.Series:
    if isinstance(values, Words):
        return values.series(name)
    if kind == "int":
        return pl.Series(name, values.astype(np.int64))
    return pl.Series(name, values.astype(np.float64), nan_to_null=True)


def _first_clients(frames: Frames, last_client: int) -> Frames:
    """Keep the clients up to this one; the bureau's months go with their credits."""
    kept = {
        name: frame.filter(pl.col("SK_ID_CURR") <= last_client)
        for name, frame in frames.items()
        if name != "bureau_balance"
    }
    lines = kept["bureau"]["SK_ID_BUREAU"].implode()
    months = frames["bureau_balance"].filter(pl.col("SK_ID_BUREAU").is_in(lines))
    return kept | {"bureau_balance": months}
