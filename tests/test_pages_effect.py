from __future__ import annotations

import numpy as np
import pytest
from django.test import Client as Browser

from applications.charts.effect import effect
from applications.charts.reading import Factor, read
from applications.models import Agency, Application, Policy
from modelling import registry
from modelling.models import ModelVersion
from tests.factories import ApplicationFactory
from tests.pages import advice_on, assessed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(agency: Agency, champion: ModelVersion, policy: Policy) -> Application:
    return assessed(agency=agency)


def address(application: Application, rest: str = "") -> str:
    return f"/applications/{application.pk}/effect{rest}"


def own_factor(application: Application) -> Factor:
    assessment = advice_on(application)
    factors = read(assessment, registry.bundle_of(assessment.model_version), most=1000).factors
    [own] = [factor for factor in factors if factor.name == "ext_source_3"]
    return own


def test_the_weightiest_factor_of_the_client_comes_first(browser: Browser, application: Application) -> None:
    context = browser.get(address(application)).context

    sizes = [abs(factor.contribution) for factor in context["factors"]]
    assert sizes == sorted(sizes, reverse=True)
    assert context["chosen"] == context["factors"][0]


def test_the_figure_holds_the_clients_own_value_and_contribution(browser: Browser, application: Application) -> None:
    response = browser.get(address(application, ".json?feature=ext_source_3"))

    value, contribution = response.json()["client"]
    own = own_factor(application)
    assert (value, contribution) == (own.value, own.contribution)


def test_the_bands_hold_every_point_once_and_the_client_in_one(application: Application) -> None:
    bundle = registry.bundle_of(advice_on(application).model_version)

    figure = effect(own_factor(application), bundle, model_number=1)

    assert figure is not None
    assert sum(band.clients for band in figure.bands) == len(figure.points)
    assert [band.is_client for band in figure.bands].count(True) <= 1
    mean = np.average([b.contribution for b in figure.bands], weights=[b.clients for b in figure.bands])
    assert mean == pytest.approx(np.mean([y for _, y in figure.points]))


@pytest.mark.parametrize("query", ["?feature=nonsense", "?origin=nonsense", "?origin=here", "?feature=%00"])
def test_an_odd_choice_still_gives_a_page(browser: Browser, application: Application, query: str) -> None:
    assert browser.get(address(application, query)).status_code == 200


def test_a_figure_of_an_unknown_feature_is_not_found(browser: Browser, application: Application) -> None:
    assert browser.get(address(application, ".json?feature=nonsense")).status_code == 404


def test_factors_are_filtered_by_origin(browser: Browser, application: Application) -> None:
    names = {factor.name for factor in browser.get(address(application, "?origin=elsewhere")).context["factors"]}

    assert all(name.startswith("bureau") for name in names)


def test_a_foreign_application_has_no_effect_page(browser: Browser, champion: ModelVersion, policy: Policy) -> None:
    foreign = assessed()

    assert browser.get(address(foreign)).status_code == 404
    assert browser.get(address(foreign, ".json?feature=ext_source_3")).status_code == 404


def test_without_an_assessment_there_is_no_effect_to_show(browser: Browser, agency: Agency) -> None:
    response = browser.get(address(ApplicationFactory.create(agency=agency)))

    assert response.status_code == 404
    assert "pas encore d'évaluation" in text_of(response)
