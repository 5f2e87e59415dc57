"""A bundle trained in a second on 600 made-up applications, for tests of the office."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl

from modelling.bundle import MANIFEST
from modelling.features.build import build_features
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.training.dataset import TrainingSet, open_snapshot, outcomes_of, training_set
from modelling.training.run import Plan, train_bundle
from tests.snapshot_folder import write_snapshot

CLIENTS = 600


def made_up_tables(clients: int = CLIENTS, *, seed: int = 7) -> Tables:
    """Give applications whose default depends on the external scores, without credit history."""
    draw = np.random.default_rng(seed)
    score_2, score_3 = draw.uniform(0, 1, clients), draw.uniform(0, 1, clients)
    risk = 1 / (1 + np.exp(-(0.5 - 3 * score_2 - 3 * score_3)))
    application = pl.DataFrame(
        {
            "sk_id_curr": np.arange(1, clients + 1),
            "target": (draw.uniform(size=clients) < risk).astype("int8"),
            "name_contract_type": draw.choice(["Cash loans", "Revolving loans"], clients, p=[0.9, 0.1]),
            "name_education_type": draw.choice(["Higher education", "Secondary / secondary special"], clients),
            "amt_income_total": draw.integers(50, 400, clients) * 1_000.0,
            "amt_credit": draw.integers(50, 900, clients) * 1_000.0,
            "amt_annuity": draw.integers(5, 50, clients) * 1_000.0,
            "amt_goods_price": draw.integers(50, 900, clients) * 1_000.0,
            "days_birth": -draw.integers(8_000, 25_000, clients),
            "days_employed": -draw.integers(100, 6_000, clients),
            "ext_source_2": score_2,
            "ext_source_3": score_3,
        }
    )
    spec = TABLES["application"]
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in spec.schema.items() if name not in application]
    return Tables.of({"application": application.with_columns(missing)})


def rows_to_learn_from(tables: Tables, *, controlled: Sequence[str] = ()) -> TrainingSet:
    """Give what training reads of tables in memory."""
    outcomes = outcomes_of(tables.application.lazy())
    return training_set(build_features(tables).lazy(), outcomes, tables, controlled=controlled)


def train_small_bundle(folder: Path, shelf: Path, *, seed: int = 0) -> Path:
    """Write a snapshot of the made-up applications into `folder`, train on it; returns the bundle's folder."""
    write_snapshot(folder / "small", made_up_tables())
    return train_bundle(open_snapshot(folder, "small"), Plan(seed=seed, folds=3, most_features=1_000), shelf=shelf)


def misnamed(bundle: Path, feature: str, name: str) -> Path:
    """Seal a copy of a bundle whose matrix calls a feature by another name; returns its folder beside the bundle."""
    copy = shutil.copytree(bundle, bundle.with_name(f"{bundle.name}-{name}"), dirs_exist_ok=True)
    encoding = copy / "encoding.json"
    encoding.write_text((bundle / "encoding.json").read_text().replace(f'"{feature}"', f'"{name}"'))
    manifest = json.loads((copy / MANIFEST).read_text())
    manifest["encoding.json"] = sha256(encoding.read_bytes()).hexdigest()
    (copy / MANIFEST).write_text(json.dumps(manifest))
    return copy
