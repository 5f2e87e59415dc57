from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils import translation

from applications.charts.gap import gap_of, interval_of
from applications.charts.probability_scale import WIDTH, probability_scale
from applications.charts.reading import NOTHING, Factor, Reading, Together
from applications.charts.signed_bars import LONGEST, signed_bars
from applications.charts.waterfall import waterfall
from applications.models import Policy, Recommendation
from modelling.population import HISTOGRAM_BINS, Population, RiskBin

GOLDEN = Path(__file__).parent / "golden"
POLICY = Policy(version=1, cost_ratio=10, accept_below=1 / 11, refuse_from=0.20, medium_from=1 / 11, high_from=0.20)
BINS = (RiskBin(0.0, 0.05, 1000, 20), RiskBin(0.051, 0.12, 1047, 124), RiskBin(0.121, 0.6, 1000, 300))


def factor(label: str, contribution: float, value: float | str | None = 0.26, unit: str = "score") -> Factor:
    return Factor(label, label, "", value, unit, contribution, 3, "", 0.57, None, False)


READING = Reading(
    base=-2.43,
    factors=(
        factor("Score externe 2", 0.62),
        factor("Crédits soldés sans incident", -0.34, 4.0, "count"),
        factor("Ancienneté dans l'emploi", 0.31, 1.75, "years"),
        factor("Type de crédit", -0.18, "Prêt personnel", "category"),
    ),
    rest=Together(241, -0.09),
)
LOG_ODDS = -2.43 + 0.62 - 0.34 + 0.31 - 0.18 - 0.09


def population(counts: tuple[int, ...]) -> Population:
    return Population(clients=sum(counts), features={}, histogram=counts, bins=BINS)


def golden(name: str) -> object:
    """Read what the figure was when it was last looked at; the script's tests draw the same file."""
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def test_the_waterfall_is_the_golden_one() -> None:
    with translation.override("en"):
        found = json.loads(json.dumps(waterfall(READING, model_number=12).to_json()))

    assert found == golden("waterfall.json")


def test_the_waterfall_ends_at_the_probability_of_the_assessment() -> None:
    steps = waterfall(READING, model_number=12).steps

    assert steps[0].end == pytest.approx(READING.base)
    assert steps[-1].end == pytest.approx(LOG_ODDS, abs=1e-4)
    assert all(step.start == pytest.approx(before.end) for before, step in pairwise(steps[:-1]))


def test_a_waterfall_of_all_factors_has_no_step_for_others() -> None:
    steps = waterfall(replace(READING, rest=NOTHING), model_number=12).steps

    assert [step.kind for step in steps] == ["base", "factor", "factor", "factor", "factor", "total"]


def test_the_longest_bar_fills_its_side_and_all_share_one_scale() -> None:
    bars = signed_bars(READING)

    widths = [row.bar.width for row in bars.rows]
    assert widths == pytest.approx([LONGEST * abs(row.factor.contribution) / 0.62 for row in bars.rows])
    assert [row.bar.direction for row in bars.rows] == ["up", "down", "up", "down"]
    assert bars.rows[1].bar.x == pytest.approx(-bars.rows[1].bar.width)
    assert bars.log_odds == pytest.approx(LOG_ODDS)


def test_contributions_that_are_all_zero_draw_bars_of_no_width() -> None:
    bars = signed_bars(Reading(base=-2.0, factors=(factor("a", 0.0),), rest=Together(3, 0.0)))

    assert [row.bar.width for row in bars.rows] == [0.0]


@pytest.mark.parametrize(
    ("probability", "x"), [(0.0, 0.0), (0.1, WIDTH / 4), (0.4, WIDTH), (0.5, WIDTH * 0.5 / 0.6), (0.95, WIDTH * 0.95)]
)
def test_the_clients_mark_stands_on_a_linear_scale(probability: float, x: float) -> None:
    assert probability_scale(probability, POLICY, None).client == pytest.approx(x)


def test_the_bands_are_the_policys_and_fill_the_scale() -> None:
    bands = probability_scale(0.124, POLICY, None).bands

    assert [band.recommendation for band in bands] == list(Recommendation)
    assert bands[0].width == pytest.approx(WIDTH / 11 / 0.4)
    assert bands[-1].x + bands[-1].width == pytest.approx(WIDTH)


def test_a_policy_without_a_band_to_examine_draws_two() -> None:
    policy = replace_policy(accept_below=0.1, refuse_from=0.1)

    scale = probability_scale(0.05, policy, None)

    assert [band.recommendation for band in scale.bands] == [Recommendation.ACCEPT, Recommendation.REFUSE]
    assert [tick.share for tick in scale.ticks].count(0.1) == 1


def test_a_policy_that_refuses_hardly_anybody_has_a_scale_all_the_same() -> None:
    last = probability_scale(0.05, replace_policy(accept_below=0.001, refuse_from=0.999), None).bands[-1]

    assert last.x + last.width == pytest.approx(WIDTH, abs=1)


def test_thresholds_close_to_each_other_are_written_away_from_each_other() -> None:
    ticks = probability_scale(0.05, replace_policy(accept_below=0.19, refuse_from=0.2), None).ticks

    assert [(tick.share, tick.anchor) for tick in ticks if 0 < tick.share < 0.4] == [(0.19, "end"), (0.2, "start")]


def test_the_portfolio_is_drawn_to_its_highest_bin_and_its_last_count_left_out() -> None:
    counts = (5, 10) + (0,) * (HISTOGRAM_BINS - 2) + (10_000,)

    path = probability_scale(0.1, POLICY, population(counts)).portfolio

    assert path.startswith("M0,46 V26.0 H3.75 V6.0 H7.50 V46.0")
    assert probability_scale(0.1, POLICY, population((0,) * (HISTOGRAM_BINS + 1))).portfolio == ""


def test_the_interval_is_the_jeffreys_interval_of_the_probabilitys_bin() -> None:
    # Beta(124.5, 923.5) at 2.5 % and 97.5 %.
    interval = interval_of(0.1, BINS)

    assert interval is not None
    assert interval.clients == 1047
    assert interval.share == pytest.approx(0.1184, abs=1e-4)
    assert (interval.low, interval.high) == pytest.approx((0.0999, 0.1391), abs=2e-4)


@pytest.mark.parametrize(("probability", "clients"), [(0.0505, 1047), (0.0, 1000), (0.99, 1000)])
def test_a_probability_outside_every_bin_takes_the_next_one(probability: float, clients: int) -> None:
    interval = interval_of(probability, BINS)

    assert interval is not None
    assert interval.clients == clients


def test_without_validation_clients_there_is_no_interval() -> None:
    assert interval_of(0.1, ()) is None


@pytest.mark.parametrize(
    ("probability", "near"),
    [
        (0.05, None),
        (0.085, Recommendation.ACCEPT),
        (0.1, Recommendation.ACCEPT),
        (0.15, None),
        (0.195, Recommendation.REFUSE),
        (0.35, None),
    ],
)
def test_a_file_is_called_close_within_a_point_of_a_threshold(probability: float, near: Recommendation | None) -> None:
    assert gap_of(probability, POLICY, None).near == near


def test_a_wide_interval_calls_a_file_close_up_to_three_points_away() -> None:
    wide = replace(interval_of(0.1, BINS), low=0.02, high=0.4)  # type: ignore[type-var]

    assert gap_of(0.115, POLICY, wide).near == Recommendation.ACCEPT
    assert gap_of(0.15, POLICY, wide).near is None


def test_the_gap_is_signed_towards_both_thresholds() -> None:
    gap = gap_of(0.124, POLICY, None)

    assert gap.to_accept == pytest.approx(0.124 - 1 / 11)
    assert gap.to_refuse == pytest.approx(-0.076)
    assert not gap.is_below_accept
    assert not gap.is_above_refuse
    assert math.isclose(gap.of_a_hundred, 12)


def replace_policy(*, accept_below: float, refuse_from: float) -> Policy:
    return Policy(
        version=1, cost_ratio=10, accept_below=accept_below, refuse_from=refuse_from, medium_from=0.1, high_from=0.2
    )
