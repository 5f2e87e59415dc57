from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from fairlearn.metrics import MetricFrame, false_positive_rate, true_positive_rate
from numpy.typing import NDArray

import modelling
import modelling.bundle
from modelling.encoding import Encoding
from modelling.training.dataset import open_snapshot
from modelling.training.fairness import group_report
from modelling.training.fit import Manner
from modelling.training.gate import Gated, difference, gate_cost
from modelling.training.metrics import Floats, auc
from modelling.training.out_of_fold import read
from modelling.training.parameters import parameters_for
from modelling.training.protected import Protected, barred_features, protected_of
from modelling.training.proxies import Seen, beyond, radar
from modelling.training.run import Plan, train_bundle
from tests.small_bundle import made_up_tables, rows_to_learn_from
from tests.snapshot_folder import write_snapshot

CLIENTS = 4_000
SEX = np.where(np.random.default_rng(1).random(CLIENTS) < 0.35, "M", "F").astype(np.str_)


def people() -> tuple[Floats, NDArray[np.int8], Protected]:
    """Give probabilities, outcomes and groups; men default more than they are predicted to."""
    draw = np.random.default_rng(2)
    probability = draw.beta(1.2, 9, CLIENTS)
    chance = np.clip(probability * np.where(SEX == "M", 1.8, 1.0), 0, 1)
    age = draw.choice(["25_to_34", "35_to_44", ""], CLIENTS)
    return probability, (draw.random(CLIENTS) < chance).astype(np.int8), Protected({"sex": SEX, "age": age})


def test_the_rates_of_each_group_are_those_of_fairlearn() -> None:
    probability, target, protected = people()

    report = group_report(probability, target, protected, threshold=0.1)

    sex = report["attributes"][0]
    rates = {"caught": true_positive_rate, "false_alarms": false_positive_rate}
    frame = MetricFrame(metrics=rates, y_true=target, y_pred=probability >= 0.1, sensitive_features=SEX)
    for row in sex["groups"]:
        inside = row["group"] == SEX
        for name in rates:
            assert row[name]["value"] == pytest.approx(frame.by_group.loc[row["group"], name])
            assert row[name]["low"] < row[name]["value"] < row[name]["high"]
        assert row["approval_rate"]["value"] == np.mean(probability[inside] < 0.1)
        assert row["observed"]["value"] == target[inside].mean()
    assert sex["gaps"]["caught"]["difference"] == pytest.approx(frame.difference()["caught"])
    assert 0 < sex["gaps"]["approval_rate"]["ratio"] <= 1


def test_a_group_predicted_too_low_is_told_by_its_interval() -> None:
    probability, target, protected = people()

    women, men = group_report(probability, target, protected, threshold=0.1)["attributes"][0]["groups"]

    assert (women["group"], women["is_calibrated"]) == ("F", True)
    assert (men["group"], men["is_calibrated"]) == ("M", False)
    assert men["predicted"] < men["observed"]["low"]


def test_a_handful_of_clients_is_told_and_makes_no_gap_and_the_unknown_make_no_group() -> None:
    probability, target, protected = people()
    sex = SEX.copy()
    sex[:5] = "X"

    found = group_report(probability, target, replace(protected, groups={"sex": sex}), threshold=0.1)

    whole = group_report(probability[5:], target[5:], protected.at(np.arange(5, CLIENTS)), threshold=0.1)
    few = found["attributes"][0]["groups"][2]
    assert (few["group"], few["clients"], few["is_large_enough"]) == ("X", 5, False)
    assert found["attributes"][0]["gaps"] == whole["attributes"][0]["gaps"]
    assert {row["group"] for row in whole["attributes"][1]["groups"]} == {"25_to_34", "35_to_44"}


def test_a_group_without_defaults_has_rates_that_are_not_known() -> None:
    protected = Protected({"sex": np.array(["F"] * 50 + ["M"] * 50)})
    target = np.r_[np.zeros(50), np.ones(50)].astype(np.int8)

    women, men = group_report(np.full(100, 0.2), target, protected, threshold=0.1)["attributes"][0]["groups"]

    assert women["caught"]["value"] is None
    assert men["false_alarms"]["value"] is None


def seen(**columns: NDArray[np.floating]) -> Seen:
    probability, _, protected = people()
    values = np.column_stack(list(columns.values())).astype(np.float32)
    return Seen(values, Encoding(tuple(columns), {}), probability, protected)


def test_a_planted_proxy_of_sex_is_found_by_name_and_noise_is_not() -> None:
    draw = np.random.default_rng(3)
    planted = (SEX == "M") + draw.normal(0, 0.4, CLIENTS)
    in_the_gaps = np.where((SEX == "M") & (draw.random(CLIENTS) < 0.8), np.nan, draw.random(CLIENTS))
    both_ends = np.where(SEX == "M", draw.choice([-3.0, 3.0], CLIENTS), 0) + draw.normal(size=CLIENTS)

    found = radar(seen(noise=draw.random(CLIENTS), planted=planted, gaps=in_the_gaps, ends=both_ends), seed=0)

    proxies = beyond(found, limit=0.75)
    assert {proxy.feature for proxy in proxies} == {"planted", "gaps", "ends"}
    assert {(proxy.attribute, proxy.group) for proxy in proxies} == {("sex", "F")}
    assert found["together"]["sex"]["auc"] > max(proxy.auc for proxy in proxies)
    assert found["score"]["sex"]["auc"] < 0.56


def test_a_proxy_of_both_is_named_for_sex_even_where_it_tells_age_better() -> None:
    told = {"sex": {"group": "F", "auc": 0.786}, "age": {"group": "60_and_over", "auc": 0.83}}
    age_alone = {"sex": {"group": "F", "auc": 0.6}, "age": {"group": "under_25", "auc": 0.9}}
    found = {"features": [{"feature": "occupation_type", **told}, {"feature": "id_years", **age_alone}]}

    named = [(proxy.feature, proxy.attribute, proxy.auc) for proxy in beyond(found, limit=0.75)]

    assert named == [("id_years", "age", 0.9), ("occupation_type", "sex", 0.786)]


def test_features_that_tell_little_alone_are_caught_together() -> None:
    draw = np.random.default_rng(4)
    hints = {f"hint_{i}": (SEX == "M") * 0.7 + draw.normal(size=CLIENTS) for i in range(12)}

    found = radar(seen(**hints), seed=0)

    assert not beyond(found, limit=0.75)
    assert found["together"]["sex"]["auc"] > 0.9


def test_too_few_clients_tell_nothing() -> None:
    whole = seen(copy=(SEX == "M").astype(np.float32))
    few = np.arange(50)

    found = radar(Seen(whole.values[few], whole.encoding, whole.probability[few], whole.protected.at(few)), seed=0)

    assert found["features"][0]["sex"] == {"group": "", "auc": 0.5}


def test_groups_are_read_in_the_order_of_the_clients() -> None:
    tables = made_up_tables(3)
    rows = tables.application.with_columns(
        pl.Series("code_gender", ["F", None, "M"]),
        pl.Series("days_birth", [-9_000, None, -25_000], dtype=pl.Int32),
        pl.Series("region_rating_client", [1, 2, None], dtype=tables.application["region_rating_client"].dtype),
    )

    groups = protected_of(rows.reverse()).groups

    assert groups["sex"].tolist() == ["F", "", "M"]
    assert groups["age"].tolist() == ["under_25", "", "60_and_over"]
    assert groups["region_rating"].tolist() == ["1", "2", ""]


def test_what_is_barred_is_read_by_one_module_of_the_lab() -> None:
    """The catalogue names what is barred and the schema what exists; demo data are made, not read."""
    root = Path(modelling.__file__).parent
    names = re.compile(r"code_gender|name_family_status|social_circle|barred_features|protected_of\b")
    readers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if names.search(path.read_text(encoding="utf-8")) and "demo_data" not in path.parts
    }

    assert readers == {
        "fairness_reports.py",
        "features/application_person.py",
        "features/application_place.py",
        "features/legal.py",
        "features/schema.py",
        "training/gate.py",
        "training/protected.py",
    }


def test_barred_features_are_those_of_barred_columns_alone() -> None:
    _, encoding = barred_features(made_up_tables(20))

    assert {"code_gender", "name_family_status"} <= set(encoding.features)
    assert "ext_source_2" not in encoding.features


def test_a_difference_of_the_same_predictions_is_none() -> None:
    rows = rows_to_learn_from(made_up_tables(400))
    draw = np.random.default_rng(5)
    before, better = draw.random(400), np.clip(draw.random(400) + rows.target * 0.5, 0, 1)

    same = difference(before, before, rows, auc, seed=0)
    other = difference(before, better, rows, auc, seed=0)

    assert (same["value"], same["low"], same["high"]) == (0, 0, 0)
    assert other["value"] == pytest.approx(other["open"] - other["gated"])
    assert 0 < other["low"] < other["value"] < other["high"]


@pytest.mark.slow
def test_the_gate_costs_what_the_barred_columns_would_tell(tmp_path: Path) -> None:
    """Here sex alone decides who defaults, so the gate costs nearly all there is to know."""
    tables = made_up_tables(900)
    draw = np.random.default_rng(6)
    is_man = draw.random(900) < 0.4
    target = (draw.random(900) < np.where(is_man, 0.6, 0.05)).astype("int8")
    application = tables.application.with_columns(
        pl.Series("code_gender", np.where(is_man, "M", "F").tolist()), pl.Series("target", target)
    )
    write_snapshot(tmp_path / "small", replace(tables, application=application))
    snapshot, plan = open_snapshot(tmp_path, "small"), Plan(folds=3, most_features=1_000)
    folder = train_bundle(snapshot, plan, shelf=tmp_path / "shelf")
    report = modelling.bundle.load(folder).report
    steps: list[str] = []
    gated = Gated(
        read(folder, digest=report["out_of_fold"]),
        parameters_for(900),
        Manner(3, plan.lessons, most_features=1_000),
        1 / 11,
        10.0,
    )

    found = gate_cost(snapshot, gated, progress=steps.append)

    assert found["with_barred"]["auc"]["low"] > 0.2
    assert abs(found["with_controlled"]["auc"]["value"]) < 0.1
    assert found["with_barred"]["cost_per_application"]["value"] < 0
    assert len(steps) == 8
