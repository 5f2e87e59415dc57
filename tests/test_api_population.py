from __future__ import annotations

import numpy as np
import pytest

from applications.access import LEAST_GROUP
from applications.models import Agency, Application, Role, User
from applications.selectors.population import Population
from modelling.features.catalogue import CATALOGUE
from modelling.features.legal import LegalStatus
from tests.api import Ask, ask_as, assert_problem
from tests.crowd import OURS, THEIRS, incomes_of
from tests.factories import ApplicationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_state")]


@pytest.fixture
def ask(advisor: User) -> Ask:
    return ask_as(advisor)


@pytest.fixture
def analyst() -> Ask:
    return ask_as(UserFactory.create(role=Role.ANALYST))


def test_similar_clients_come_nearest_first_and_say_what_sets_them_apart(
    analyst: Ask, crowd: list[Application], population: Population
) -> None:
    told = analyst("GET", f"applications/{crowd[0].pk}/similar").json()

    assert (told["found"], told["omitted"], len(told["results"])) == (20, 0, 20)
    distances = [each["distance"] for each in told["results"]]
    assert distances == sorted(distances)
    assert crowd[0].pk not in {each["number"] for each in told["results"]}
    by_number = {one.pk: one for one in crowd}
    for each in told["results"]:
        target = by_number[each["number"]].target
        assert each["defaulted"] == (None if target is None else bool(target))
        assert sum(one["share"] for one in each["apart"]) <= 1 + 1e-9
        assert all(CATALOGUE[one["feature"]].status is LegalStatus.ADMITTED for one in each["apart"])


def test_similar_clients_of_other_agencies_are_counted_and_not_listed(
    ask: Ask, crowd: list[Application], population: Population
) -> None:
    told = ask("GET", f"applications/{crowd[0].pk}/similar").json()

    assert {each["number"] for each in told["results"]} <= {one.pk for one in crowd[:OURS]}
    assert told["omitted"] == 20 - len(told["results"]) > 0


def test_a_foreign_application_has_no_similar_clients(
    ask: Ask, crowd: list[Application], population: Population
) -> None:
    assert_problem(ask("GET", f"applications/{crowd[OURS].pk}/similar"), 404)


def test_without_an_assessment_there_is_nothing_to_compare_by(ask: Ask, agency: Agency, population: Population) -> None:
    assert_problem(ask("GET", f"applications/{ApplicationFactory.create(agency=agency).pk}/similar"), 409)


def test_before_the_population_is_laid_out_both_say_come_back(ask: Ask, crowd: list[Application]) -> None:
    assert_problem(ask("GET", f"applications/{crowd[0].pk}/similar"), 503)
    assert_problem(ask("GET", "features/amt_credit/statistics"), 503)


def test_statistics_of_a_number(ask: Ask, crowd: list[Application], population: Population) -> None:
    told = ask("GET", "features/amt_income_total/statistics").json()

    incomes = incomes_of(crowd)
    assert (told["clients"], told["missing"]) == (OURS + THEIRS, 0)
    assert told["mean"] == pytest.approx(np.mean(incomes))
    assert told["standard_deviation"] == pytest.approx(np.std(incomes))
    quartiles = [told[name] for name in ("quartile_1", "median", "quartile_3")]
    assert quartiles == pytest.approx(np.quantile(incomes, (0.25, 0.5, 0.75)).tolist())
    assert "levels" not in told


def test_statistics_of_a_category_under_filters(ask: Ask, crowd: list[Application], population: Population) -> None:
    filters = "filter=amt_income_total:ge:150000&filter=name_education_type:eq:Higher education"
    told = ask("GET", f"features/name_contract_type/statistics?{filters}").json()

    kept = [place for place in range(OURS + THEIRS) if place >= 5 and place % 2]
    assert told["clients"] == len(kept)
    revolving = sum(place % 4 == 3 for place in kept)
    assert told["levels"] == {"Cash loans": len(kept) - revolving, "Revolving loans": revolving}
    assert told["mean"] is None


def test_missing_values_are_counted(ask: Ask, crowd: list[Application], population: Population) -> None:
    assert ask("GET", "features/ext_source_2/statistics").json()["missing"] == 4
    known = ask("GET", "features/ext_source_2/statistics?filter=ext_source_2:known").json()
    assert (known["clients"], known["missing"]) == (OURS + THEIRS - 4, 0)


def test_figures_of_a_few_are_told_to_those_alone_who_may_see_every_file(
    ask: Ask, analyst: Ask, crowd: list[Application], population: Population
) -> None:
    few = f"features/amt_credit/statistics?filter=amt_income_total:lt:{100_000 + 10_000 * (LEAST_GROUP - 1)}"

    assert "Trop peu de clients" in assert_problem(ask("GET", few), 409)["detail"]
    assert analyst("GET", few).json()["clients"] == LEAST_GROUP - 1


def test_there_are_no_statistics_of_a_barred_or_unknown_feature(
    ask: Ask, analyst: Ask, crowd: list[Application], population: Population
) -> None:
    for name in ("code_gender", "name_family_status", "obs_30_cnt_social_circle", "nonsense"):
        assert_problem(analyst("GET", f"features/{name}/statistics"), 404)
        assert_problem(ask("GET", f"features/amt_credit/statistics?filter={name}:eq:1"), 400)


def test_a_filter_that_makes_no_sense_is_told(ask: Ask, crowd: list[Application], population: Population) -> None:
    for filters in ("filter=", "filter=amt_credit", "filter=amt_credit:lt:x", "filter=amt_credit:zz:1"):
        problem = assert_problem(ask("GET", f"features/amt_credit/statistics?{filters}"), 400)
        assert problem["errors"][0]["detail"]
    five = "&".join(["filter=amt_credit:known"] * 5)
    assert_problem(ask("GET", f"features/amt_credit/statistics?{five}"), 400)
