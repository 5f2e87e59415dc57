from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from modelling import bundle as bundles
from modelling import explanation
from modelling.bundle import Bundle
from modelling.errors import AdditivityError
from modelling.explanation import PATTERNS_FROM_ROWS, Position, check_additivity, explain, position, strength
from modelling.features.catalogue import CATALOGUE
from modelling.features.sayable import is_sayable
from modelling.patterns import PatternTables
from modelling.population import CategoryFacts, NumberFacts
from modelling.reasons import Reasons, family, reasons
from modelling.recalibration import IsotonicCurve
from modelling.scoring import Scored, score, score_matrix
from tests.small_bundle import made_up_tables


@pytest.fixture(scope="module")
def bundle(small_bundle: Path) -> Bundle:
    return bundles.load(small_bundle)


@pytest.fixture(scope="module")
def scored(bundle: Bundle) -> Scored:
    return score(bundle, made_up_tables(200))


def test_base_and_contributions_sum_to_the_log_odds_of_the_displayed_probability(
    bundle: Bundle, scored: Scored
) -> None:
    explained = explain(bundle, scored)

    total = explained.base + explained.contributions.astype(np.float64).sum(axis=1)
    np.testing.assert_allclose(total, np.log(scored.probability / (1 - scored.probability)), atol=2e-6)
    assert explained.contributions.shape == scored.values.shape
    assert np.abs(explained.contributions).max() > 0.1


def test_a_curve_carries_contributions_too_with_their_signs_and_shares(bundle: Bundle) -> None:
    curve = IsotonicCurve(raw=(-4.0, -1.5, -0.5, 1.0), calibrated=(-5.0, -1.0, 0.0, 3.0), outside=0.5)
    curved = replace(bundle, calibration=curve)
    scored, plain = score(curved, made_up_tables(200)), score(bundle, made_up_tables(200))

    explained, straight = explain(curved, scored), explain(bundle, plain)

    total = explained.base + explained.contributions.astype(np.float64).sum(axis=1)
    np.testing.assert_allclose(total, np.log(scored.probability / (1 - scored.probability)), atol=2e-6)
    factors = explained.contributions.sum(axis=1) / straight.contributions.sum(axis=1)
    assert np.ptp(factors) > 0.1
    assert (np.sign(explained.contributions) == np.sign(straight.contributions)).all()
    assert (np.argsort(scored.probability) == np.argsort(plain.probability)).all()


@pytest.mark.parametrize("nudge", [1e-4, -0.5, np.nan, np.inf])
def test_one_wrong_contribution_in_one_row_is_refused_and_its_client_named(
    bundle: Bundle, scored: Scored, nudge: float
) -> None:
    explained = explain(bundle, scored)
    explained.contributions[41, 3] += nudge

    with pytest.raises(AdditivityError, match=r"client 42 .* 1 of 200 rows are off"):
        check_additivity(explained, scored)


def test_a_score_changed_after_the_fact_is_refused(bundle: Bundle, scored: Scored) -> None:
    with pytest.raises(AdditivityError, match="200 of 200 rows"):
        explain(bundle, replace(scored, log_odds=scored.log_odds + 0.01))


def test_nobody_needs_no_explanation(bundle: Bundle, scored: Scored) -> None:
    assert explain(bundle, score_matrix(bundle, scored.values[:0])).contributions.shape == (0, len(bundle.features))


def test_reasons_are_at_most_four_a_side_the_strongest_first(bundle: Bundle, scored: Scored) -> None:
    explained = explain(bundle, scored)

    for found in reasons(bundle, scored.values, explained.contributions):
        for side, sign in ((found.raising, 1), (found.lowering, -1)):
            moved = [sign * reason.contribution for reason in side]
            assert len(side) <= 4
            assert all(step > 0 for step in moved)
            assert moved == sorted(moved, reverse=True)


def of_features(bundle: Bundle, amounts: dict[str, float]) -> NDArray[np.float32]:
    contributions = np.zeros(len(bundle.features), dtype=np.float32)
    contributions[[bundle.features.index(name) for name in amounts]] = list(amounts.values())
    return contributions


def reasons_of(bundle: Bundle, values: NDArray[np.float32], contributions: NDArray[np.float32]) -> Reasons:
    return reasons(bundle, values[None], contributions[None])[0]


def test_a_client_has_the_reasons_alone_that_he_has_in_a_crowd(bundle: Bundle, scored: Scored) -> None:
    contributions = explain(bundle, scored).contributions

    together = reasons(bundle, scored.values, contributions)

    assert together == [reasons_of(bundle, *row) for row in zip(scored.values, contributions, strict=True)]


def test_features_of_one_fact_are_summed_and_the_loudest_speaks(bundle: Bundle, scored: Scored) -> None:
    contributions = of_features(bundle, {"ext_source_2": 0.9, "ext_source_3": -0.3, "amt_credit": 0.2})

    found = reasons_of(bundle, scored.values[0], contributions)

    assert [reason.feature for reason in found.raising] == ["ext_source_2", "amt_credit"]
    assert found.raising[0].contribution == pytest.approx(0.6)
    assert found.lowering == ()


def test_a_fact_whose_features_cancel_out_is_told_on_the_side_that_remains(bundle: Bundle, scored: Scored) -> None:
    contributions = of_features(bundle, {"ext_source_2": 0.3, "ext_source_3": -0.5})

    found = reasons_of(bundle, scored.values[0], contributions)

    assert found.raising == ()
    assert [(reason.feature, strength(reason.contribution)) for reason in found.lowering] == [("ext_source_3", 2)]


@pytest.mark.parametrize(
    "name",
    [
        "weekday_appr_process_start",
        "hour_appr_process_start",
        "previous_hour_mean",
        "previous_weekday_monday_share",
        "flag_document_3",
        "livingarea_medi",
        "card_balance_std",
        "ext_source_1_times_2",
        "bureau_in_currency_2_share",
        "similar_loans_phone_change_years",
        "neighbours_default_share",
    ],
)
def test_what_no_advisor_can_say_aloud_is_no_reason(name: str) -> None:
    assert not is_sayable(CATALOGUE[name])


def test_most_features_can_be_a_reason() -> None:
    sayable = {name for name, feature in CATALOGUE.items() if is_sayable(feature)}

    assert {"amt_annuity", "ext_source_2", "flag_own_car", "bureau_late_now_count", "previous_likeness_max"} <= sayable
    assert len(sayable) > 0.8 * len(CATALOGUE)


def test_a_fact_that_cannot_be_said_is_passed_over_however_strong(bundle: Bundle, scored: Scored) -> None:
    contributions = of_features(bundle, {"hour_appr_process_start": 2.0, "amt_credit": 0.2})

    found = reasons_of(bundle, scored.values[0], contributions)

    assert [reason.feature for reason in found.raising] == ["amt_credit"]


def test_a_feature_that_can_be_said_speaks_for_one_that_cannot(bundle: Bundle, scored: Scored) -> None:
    contributions = of_features(bundle, {"ext_source_product": 0.9, "ext_source_2": 0.1, "amt_credit": 0.2})

    found = reasons_of(bundle, scored.values[0], contributions)

    assert [reason.feature for reason in found.raising] == ["ext_source_2", "amt_credit"]
    assert found.raising[0].contribution == pytest.approx(1.0)


def test_the_age_of_a_car_one_has_not_tells_that_one_has_none() -> None:
    features = ("own_car_age", "flag_own_car")
    bundle = cast("Bundle", SimpleNamespace(features=features))
    values = np.array([[np.nan, 0.0]], dtype=np.float32)

    [found] = reasons(bundle, values, np.array([[0.3, 0.1]], dtype=np.float32))

    assert [reason.feature for reason in found.raising] == ["flag_own_car"]
    assert found.raising[0].contribution == pytest.approx(0.4)


def test_what_pulls_the_other_way_is_no_witness(bundle: Bundle, scored: Scored) -> None:
    contributions = of_features(bundle, {"ext_source_product": 0.9, "ext_source_2": -0.1})

    assert reasons_of(bundle, scored.values[0], contributions) == Reasons((), ())


def test_all_that_is_missing_for_want_of_history_is_one_fact(bundle: Bundle, scored: Scored) -> None:
    missing = [name for name in bundle.features if CATALOGUE[name].source == "previous_application"][:3]
    contributions = of_features(bundle, dict.fromkeys(missing, 0.1))
    values = scored.values[0].copy()
    values[[bundle.features.index(name) for name in missing]] = np.nan

    found = reasons_of(bundle, values, contributions)

    assert [reason.feature for reason in found.raising] == missing[:1]
    assert found.raising[0].contribution == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("contribution", "level"), [(0.02, 1), (-0.0999, 1), (0.1, 2), (-0.3, 3), (0.49, 3), (0.5, 4), (-2.0, 4)]
)
def test_strength_has_four_levels_on_either_side(contribution: float, level: int) -> None:
    assert strength(contribution) == level


@pytest.mark.parametrize(
    ("value", "place"), [(np.nan, "missing"), (0.24, "low"), (0.25, "middle"), (0.75, "middle"), (0.76, "high")]
)
def test_position_is_told_by_the_quartiles_of_the_population(value: float, place: str) -> None:
    facts = NumberFacts(quantiles=(0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99), missing_share=0.1)

    assert position(facts, value) == place


def test_a_word_has_no_place_on_a_scale() -> None:
    assert position(CategoryFacts(shares={"a": 1.0}, missing_share=0.0), 0.0) is Position.CATEGORY
    assert position(CategoryFacts(shares={"a": 1.0}, missing_share=0.0), np.nan) is Position.MISSING


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ext_source_1", "ext_source_mean"),
        ("livingarea_avg", "livingarea_medi"),
        ("flag_document_3", "flag_document_8"),
        ("bureau_debt_max", "bureau_active_debt_sum"),
        ("bureau_last_365_days_debt_sum", "bureau_debt_mean"),
        ("bureau_last_365_days_share", "bureau_count"),
        ("previous_last_3_refused_share", "previous_refused_share"),
        ("amt_income_total_against_occupation", "amt_income_total"),
        ("ext_source_2_against_education", "ext_source_1"),
        ("neighbours_default_share", "ext_source_mean"),
        ("implied_interest", "expected_term_months"),
        ("similar_loans_default_share", "credit_to_annuity_months"),
        ("similar_loans_ext_source_mean", "credit_to_annuity_months"),
        ("bureau_likeness_max", "bureau_likeness_last"),
    ],
)
def test_near_duplicates_are_one_family(one: str, other: str) -> None:
    assert family(one) == family(other)


def test_different_facts_are_different_families() -> None:
    different = (
        "amt_credit",
        "amt_annuity",
        "ext_source_1",
        "bureau_debt_sum",
        "bureau_credit_sum",
        "previous_last_goods",
        "credit_to_annuity_months",
        "previous_likeness_mean",
        "bureau_likeness_mean",
    )

    assert len({family(name) for name in different}) == len(different)


def test_many_clients_are_explained_as_each_of_them_alone(bundle: Bundle, scored: Scored) -> None:
    assert len(scored) >= PATTERNS_FROM_ROWS

    together = explain(bundle, scored).contributions

    for row in range(0, len(scored), 40):
        alone = explain(bundle, score_matrix(bundle, scored.values[row : row + 1])).contributions
        np.testing.assert_allclose(together[row], alone[0], atol=1e-7)


def test_tables_that_disagree_with_lightgbm_are_not_believed(
    small_bundle: Path, scored: Scored, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = bundles.load(small_bundle)
    right = explain(bundle, scored)
    wrong = replace(PatternTables.of(bundle.trees), base=0.0)
    monkeypatch.setitem(explanation._laid_out, bundle.booster, wrong)

    assert explain(bundle, scored).base == pytest.approx(right.base, abs=1e-9)
    assert "disagree with LightGBM" in caplog.text


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_contributions_agree_with_the_shap_library(bundle: Bundle, scored: Scored) -> None:
    shap = pytest.importorskip("shap")
    explainer = shap.TreeExplainer(bundle.booster)
    base = float(np.ravel(explainer.expected_value)[0])
    theirs = explainer.shap_values(scored.values.astype(np.float64))

    ours = explain(bundle, scored).contributions

    raw = theirs.sum(axis=1) + base
    np.testing.assert_allclose(ours, bundle.calibration.secants(raw, base)[:, None] * theirs, atol=1e-6)
