from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from applications.charts.beeswarm import MOST_DOTS, beeswarm
from applications.charts.feature_facts import direction_words, feature_facts
from applications.charts.global_explanation import global_explanation
from applications.selectors.importance import InForce, Measure, importance_of
from modelling import bundle as bundles
from modelling.bundle import Bundle
from modelling.encoding import Encoding
from modelling.features.catalogue import CATALOGUE, LegalStatus
from modelling.influence import FeatureInfluence, Influence
from modelling.models import ModelVersion
from modelling.population import CategoryFacts, NumberFacts, Population

GOLDEN = Path(__file__).parent / "golden" / "beeswarm.json"
SCORE = FeatureInfluence(0.4, -0.9, {}, 0.2, (0.1, 0.5, 0.9, None), (0.6, 0.05, -0.5, 0.2))
TYPE = FeatureInfluence(
    0.1, None, {"Cash loans": 0.05, "Revolving loans": -0.2}, None, (0.0, 0.0, 1.0), (0.06, 0.04, -0.2)
)
TERM = FeatureInfluence(0.05, 0.2, {}, None, (12.0, 24.0, 60.0), (0.1, -0.05, 0.02))
INFLUENCES = {"ext_source_2": SCORE, "name_contract_type": TYPE, "credit_to_annuity_months": TERM}


def made_up(influences: Mapping[str, FeatureInfluence] | None = None, **changed: Any) -> InForce:
    """Give a model version of three features, whose files were never written."""
    found = INFLUENCES if influences is None else influences
    population = Population(
        clients=1_000,
        features={
            "ext_source_2": NumberFacts((0.02, 0.1, 0.4, 0.5, 0.6, 0.8, 0.85), 0.1),
            "name_contract_type": CategoryFacts({"Cash loans": 0.9, "Revolving loans": 0.1}, 0.0),
            "credit_to_annuity_months": NumberFacts((6, 8, 12, 20, 30, 40, 60), 0.0),
        },
        histogram=(),
        bins=(),
    )
    facts: dict[str, Any] = {
        "folder": Path(), "digest": "", "trees": "", "calibration": None, "tables": None, "lessons": None,
        "report": {}, "lineage": None,
        "population": population, "influence": Influence(500, dict(found)),
        "encoding": Encoding(tuple(found), {"name_contract_type": ("Cash loans", "Revolving loans")}),
    }  # fmt: skip
    return InForce(ModelVersion(number=7), Bundle(**(facts | changed)))


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def test_the_shares_of_all_features_sum_to_one_and_are_ranked() -> None:
    weights = importance_of(made_up()).weights

    assert sum(weight.share for weight in weights.values()) == pytest.approx(1)
    assert [weight.rank for weight in weights.values()] == [1, 2, 3]
    assert [weight.of_largest for weight in weights.values()] == pytest.approx([1, 0.25, 0.125])


def test_gain_is_taken_and_named_where_contributions_were_not_measured(small_bundle: Path) -> None:
    bundle = bundles.load(small_bundle)
    used = made_up(influence=None, trees=bundle.trees, encoding=bundle.encoding)

    importance = importance_of(used)

    assert (importance.measure, importance.clients) == (Measure.GAIN, None)
    assert set(importance.weights) == set(bundle.features)
    assert not global_explanation(used, most=10).is_measured
    assert beeswarm(used, most=10) is None


def test_what_is_not_shown_is_summed() -> None:
    found = global_explanation(made_up(), most=1)

    assert [factor.name for factor in found.factors] == ["ext_source_2"]
    assert found.rest_count == 2
    assert found.factors[0].weight.share + found.rest_share == pytest.approx(1)


def test_the_reading_is_made_of_the_figures() -> None:
    reading = " ".join(global_explanation(made_up(), most=10).reading)

    assert "“External score 2”" in reading
    assert "1 factor of 3 makes up half of it" in reading
    assert "External scores, whose making is not known to us, make up 72.7%" in reading


def test_a_model_without_features_has_nothing_to_say() -> None:
    found = global_explanation(made_up({}), most=10)

    assert (found.factors, found.reading, found.tables) == ((), (), ())
    figure = beeswarm(made_up({}), most=10)
    assert figure is not None
    assert figure.swarms == ()


def test_the_tables_share_all_importance() -> None:
    tables = global_explanation(made_up(), most=10).tables

    assert [(each.table, each.count) for each in tables] == [("application", 3)]
    assert sum(each.share for each in tables) == pytest.approx(1)


def test_a_feature_the_catalogue_has_dropped_keeps_its_name() -> None:
    found = global_explanation(made_up({"dropped": SCORE}), most=10)

    assert (found.factors[0].label, found.factors[0].table) == ("dropped", "")


def test_no_barred_or_controlled_feature_is_ever_explained(champion: ModelVersion, small_bundle: Path) -> None:
    factors = global_explanation(InForce(champion, bundles.load(small_bundle)), most=10_000).factors

    assert factors
    assert {factor.status for factor in factors} == {LegalStatus.ADMITTED}
    assert {CATALOGUE[factor.name].status for factor in factors} == {LegalStatus.ADMITTED}


@pytest.mark.parametrize(
    ("influence", "sentence"),
    [
        (SCORE, "The higher the value, the lower the risk."),
        (TERM, "No single direction: it depends on the value and on the rest of the file."),
        (TYPE, "Raises the risk most for “Personal loan”, lowers it most for “Revolving credit”."),
        (FeatureInfluence(0.1, 0.8, {}, None, (), ()), "The higher the value, the higher the risk."),
        (
            FeatureInfluence(0.1, None, {}, None, (), ()),
            "No single direction: it depends on the value and on the rest of the file.",
        ),
    ],
)
def test_which_way_a_feature_moves_the_risk_is_said_as_far_as_it_can_be(
    influence: FeatureInfluence, sentence: str
) -> None:
    assert direction_words("name_contract_type", influence) == sentence


def test_the_swarm_is_the_golden_one() -> None:
    figure = beeswarm(made_up(), most=10)

    assert figure is not None
    assert json.loads(json.dumps(figure.to_json())) == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_table_says_the_means_of_the_very_dots_drawn() -> None:
    figure = beeswarm(made_up(), most=10)

    assert figure is not None
    score, kind, _term = figure.means
    assert (score.low, score.middle, score.high, score.missing) == (0.6, 0.05, -0.5, 0.2)
    assert kind.categories == "Personal loan +0.05 · Revolving credit −0.20"


@pytest.mark.parametrize("most", [1, 2, 10, 30])
def test_a_swarm_never_has_more_dots_than_a_page_can_draw(
    champion: ModelVersion, small_bundle: Path, most: int
) -> None:
    figure = beeswarm(InForce(champion, bundles.load(small_bundle)), most=most)

    assert figure is not None
    assert len(figure.swarms) == most
    assert sum(len(swarm.dots) for swarm in figure.swarms) <= MOST_DOTS


def test_usual_values_are_those_of_the_training_population() -> None:
    number = feature_facts(made_up().bundle, "credit_to_annuity_months")
    category = feature_facts(made_up().bundle, "name_contract_type")

    assert number is not None
    assert category is not None
    assert ("Median", "1 year 8 months") in [(line.label, line.value) for line in number.values]
    assert [(line.label, line.value) for line in category.values][:2] == [
        ("Personal loan", "90.0%"),
        ("Revolving credit", "10.0%"),
    ]
    assert feature_facts(made_up().bundle, "code_gender") is None
