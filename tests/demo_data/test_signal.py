"""The demo data's signal: a gated model ranks defaults about as well as on real rows, and the history helps."""

from __future__ import annotations

import lightgbm
import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from modelling.demo_data.chunk import Frames, draw_chunk
from modelling.demo_data.people import CHUNK_CLIENTS
from modelling.demo_data.writing import FILES

CLIENTS = 20_000
FOLDS = 3
BARRED = r"^(CODE_GENDER|NAME_FAMILY_STATUS|.*_SOCIAL_CIRCLE)$"
SETTINGS = {
    "objective": "binary", "learning_rate": 0.06, "max_depth": 4, "num_leaves": 12, "feature_fraction": 0.3,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l1": 5.0, "lambda_l2": 20.0, "min_data_in_leaf": 60,
    "num_threads": 2, "deterministic": True, "force_row_wise": True, "seed": 1, "verbose": -1,
}  # fmt: skip


def application_features(train: pl.DataFrame) -> pl.DataFrame:
    """Give the columns a model may use, words as codes, with three ratios and the mean external score."""
    words = [name for name, kind in train.schema.items() if kind == pl.String]
    return (
        train.select(pl.exclude(BARRED, "TARGET"))
        .with_columns(pl.col(name).rank("dense") for name in words if name in train.select(pl.exclude(BARRED)).columns)
        .with_columns(
            pl.when(pl.col("DAYS_EMPLOYED") < 0).then("DAYS_EMPLOYED").alias("DAYS_EMPLOYED"),
            (pl.col("AMT_CREDIT") / pl.col("AMT_ANNUITY")).alias("length"),
            (pl.col("AMT_ANNUITY") / pl.col("AMT_INCOME_TOTAL")).alias("burden"),
            (pl.col("AMT_CREDIT") / pl.col("AMT_GOODS_PRICE")).alias("insured"),
            pl.mean_horizontal("^EXT_SOURCE_.$").alias("external"),
        )
    )


def summary(frame: pl.DataFrame, prefix: str, **values: pl.Expr) -> pl.DataFrame:
    """Give count, mean, largest and sum of some values by client."""
    named = frame.select("SK_ID_CURR", *(value.cast(pl.Float64).alias(name) for name, value in values.items()))
    measures = ("mean", "max", "sum")
    parts = [getattr(pl.col(name), how)().alias(f"{prefix}_{name}_{how}") for name in values for how in measures]
    return named.group_by("SK_ID_CURR", maintain_order=True).agg(pl.len().alias(f"{prefix}_count"), *parts)


def history_features(frames: Frames) -> list[pl.DataFrame]:
    late = pl.col("DAYS_ENTRY_PAYMENT") - pl.col("DAYS_INSTALMENT")
    limit = pl.col("AMT_CREDIT_LIMIT_ACTUAL")
    months = frames["bureau_balance"].group_by("SK_ID_BUREAU").agg(pl.col("STATUS").is_in(list("12345")).mean())
    bureau = frames["bureau"].join(months, on="SK_ID_BUREAU", how="left", maintain_order="left")
    return [
        summary(
            bureau, "bureau", days=pl.col("DAYS_CREDIT"), active=pl.col("CREDIT_ACTIVE") == "Active",
            debt=pl.col("AMT_CREDIT_SUM_DEBT"), worst=pl.col("AMT_CREDIT_MAX_OVERDUE"), late=pl.col("STATUS"),
        ),
        summary(
            frames["previous_application"], "previous", refused=pl.col("NAME_CONTRACT_STATUS") == "Refused",
            days=pl.col("DAYS_DECISION"), annuity=pl.col("AMT_ANNUITY"),
        ),
        summary(frames["POS_CASH_balance"], "pos", late=pl.col("SK_DPD"), left=pl.col("CNT_INSTALMENT_FUTURE")),
        summary(frames["installments_payments"], "paid", days=late, is_late=late > 0),
        summary(
            frames["credit_card_balance"], "card", late=pl.col("SK_DPD"),
            used=pl.when(limit > 0).then(pl.col("AMT_BALANCE") / limit),
        ),
    ]  # fmt: skip


def out_of_fold_auc(features: pl.DataFrame, target: pl.Series) -> float:
    matrix, labels = features.drop("SK_ID_CURR").cast(pl.Float64).to_numpy(), target.to_numpy()
    fold = np.arange(len(labels)) % FOLDS
    predicted = np.zeros(len(labels))
    for held_out in range(FOLDS):
        rows = fold != held_out
        booster = lightgbm.train(SETTINGS, lightgbm.Dataset(matrix[rows], labels[rows]), num_boost_round=150)
        predicted[~rows] = booster.predict(matrix[~rows])
    return float(roc_auc_score(labels, predicted))


@pytest.mark.slow
def test_a_gated_model_ranks_defaults_as_on_real_rows_and_the_history_helps() -> None:
    chunks = [draw_chunk(1, chunk, clients=CHUNK_CLIENTS) for chunk in range(CLIENTS // CHUNK_CLIENTS)]
    frames = {name: pl.concat(chunk[name] for chunk in chunks) for name in FILES}
    target = frames["application_train"]["TARGET"]
    application = application_features(frames["application_train"])
    everything = application
    for history in history_features(frames):
        everything = everything.join(history, on="SK_ID_CURR", how="left", maintain_order="left")

    without_history = out_of_fold_auc(application, target)
    with_history = out_of_fold_auc(everything, target)

    assert 0.74 < with_history < 0.80
    assert with_history > without_history + 0.01
