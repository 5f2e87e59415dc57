"""Made-up clients with credit histories that tell something, for the tests of what the population teaches."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelling.features.build import build_features
from modelling.features.feature import Lesson
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.learnt.cases import Cases, Known
from modelling.learnt.lessons import METHODS, Lessons
from tests.small_bundle import made_up_tables


def tables_with_histories(clients: int = 600, *, seed: int = 7) -> Tables:
    """Give applications with up to three past loans and credits elsewhere; those in default were refused more often."""
    plain = made_up_tables(clients, seed=seed)
    draw = np.random.default_rng(seed)
    owners = np.repeat(plain.application["sk_id_curr"].to_numpy(), draw.integers(0, 4, clients))
    lines, target = len(owners), plain.application["target"].to_numpy()[owners - 1]
    term, credit = draw.choice([6, 12, 24, 48], lines), draw.integers(20, 300, lines) * 1_000.0
    refused = draw.uniform(size=lines) < 0.1 + 0.5 * target
    previous = {
        "sk_id_prev": np.arange(lines),
        "sk_id_curr": owners,
        "amt_credit": credit,
        "amt_application": credit,
        "amt_annuity": credit / term * 1.1,
        "cnt_payment": term,
        "name_contract_status": np.where(refused, "Refused", "Approved"),
        "days_decision": -draw.integers(1, 2_000, lines),
    }
    bureau = {
        "sk_id_bureau": np.arange(lines),
        "sk_id_curr": owners,
        "amt_credit_sum": credit,
        "amt_credit_sum_debt": credit * draw.uniform(size=lines) * (1 + target),
        "days_credit": -draw.integers(1, 2_000, lines),
    }
    return Tables.of(
        {
            "application": plain.application.with_columns(
                occupation_type=pl.Series(draw.choice(["Drivers", "Managers", ""], clients)).replace("", None)
            ),
            "previous_application": _filled("previous_application", previous),
            "bureau": _filled("bureau", bureau),
        }
    )


def cases_of(tables: Tables) -> Cases:
    """Give what lessons look at of all these clients."""
    return Cases(build_features(tables), tables)


def known_of(tables: Tables, *, seen: np.ndarray | None = None) -> Known:
    """Give these clients with their outcomes, all of them seen unless told."""
    target = tables.application.sort("sk_id_curr")["target"].to_numpy()
    return Known(cases_of(tables), target, np.ones(len(target), bool) if seen is None else seen, seed=0)


def learnt_lessons(tables: Tables) -> Lessons:
    """Learn every lesson from all these clients."""
    known = known_of(tables)
    return Lessons({lesson: method.learn(known) for lesson, method in METHODS.items()})


def one_lesson(lesson: Lesson, tables: Tables) -> Lessons:
    """Learn one lesson from all these clients."""
    return Lessons({lesson: METHODS[lesson].learn(known_of(tables))})


def _filled(table: str, columns: dict[str, np.ndarray]) -> pl.DataFrame:
    frame = pl.DataFrame(columns)
    schema = TABLES[table].schema
    missing = {name: kind for name, kind in schema.items() if name not in columns}
    return frame.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in missing.items())
