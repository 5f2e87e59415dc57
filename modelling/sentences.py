"""What a comparison's figures and the lab's errors say, in words a person reads, in the language in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

Figures = Mapping[str, Any]  # a candidate's, as `Measured.to_json` gives them

TITLES: Mapping[str, Any] = {
    "dummy": gettext_lazy("the rate of all"),
    "logistic_regression": gettext_lazy("logistic regression"),
    "random_forest": gettext_lazy("random forest"),
    "gradient_boosting": gettext_lazy("gradient boosting (scikit-learn)"),
    "xgboost": "XGBoost",
    "lightgbm": "LightGBM",
    "none": pgettext_lazy("treatment of imbalance", "none"),
    "class_weights": gettext_lazy("class weights"),
    "smote": "SMOTE",
    "smote_tomek": "SMOTE-Tomek",
    "under_sampling": gettext_lazy("under-sampling"),
}
RIGHT_LEVEL, RIGHT_SPREAD = (0.9, 1.1), (0.9, 1.1)


def said(sentence: str, facts: Mapping[str, Any]) -> str:
    """Say what an error of the lab says."""
    if not facts:
        return _(sentence) if sentence else ""
    told = {name: _number(fact) if isinstance(fact, int | float) else fact for name, fact in facts.items()}
    return _(sentence).format(**told)


def of_treatment(figures: Figures, untreated: Figures) -> Iterator[str]:
    """Say what a treatment of imbalance does to probabilities, to the ranking and to costs."""
    yield _level(figures)
    yield _spread(figures["as_it_comes"]["calibration_slope"]["value"])
    if figures["name"] != untreated["name"]:
        yield _ranking(figures, untreated)
    yield _costs(figures)


def of_column(chosen: Figures) -> Iterator[str]:
    """Say what the automatic preprocessing does with a column, and why."""
    if chosen["use"] == "no":
        yield _("Left out, because a person asked.") if "use" in chosen["forced"] else _("Left out: it never varies.")
        return
    for about in ("missing", "skew", "scale", "levels"):
        if chosen[about] is not None:
            why = _("because a person asked") if about in chosen["forced"] else _WHYS[about](chosen)
            yield f"{_WHATS[chosen[about]] if about != 'skew' else _skew_words(chosen)}: {why}."
    if chosen["flagged_by"]:
        yield _("Missing together with {column}, which is flagged for both.").format(column=chosen["flagged_by"])


def _level(figures: Figures) -> str:
    mean, observed = figures["mean_predicted"], figures["observed_rate"]
    low, high = RIGHT_LEVEL
    words = {"mean": _percent(mean), "observed": _percent(observed), "times": _number(mean / observed, 1)}
    if low <= mean / observed <= high:
        return _("On average it predicts {mean}% where {observed}% defaulted: the level is right.").format(**words)
    return _(
        "On average it predicts {mean}% where {observed}% defaulted, {times} times the truth: "
        "what it says is no probability of default."
    ).format(**words)


def _spread(slope: float) -> str:
    low, high = RIGHT_SPREAD
    words = {"slope": _number(slope, 2)}
    if slope < low:
        return _("Its probabilities lie too far apart (calibration slope {slope}).").format(**words)
    if slope > high:
        return _("Its probabilities lie too close together (calibration slope {slope}).").format(**words)
    return _("Its probabilities are spread as the outcomes are (calibration slope {slope}).").format(**words)


def _ranking(figures: Figures, untreated: Figures) -> str:
    auc, plain = figures["calibrated"]["auc"]["value"], untreated["calibrated"]["auc"]
    words = {"auc": _number(auc, 4), "plain": _number(plain["value"], 4)}
    if auc > plain["high"]:
        return _("It ranks clients better: AUC {auc} against {plain} without treatment.").format(**words)
    if auc < plain["low"]:
        return _("It ranks clients worse: AUC {auc} against {plain} without treatment.").format(**words)
    return _(
        "It ranks clients as well as no treatment does, as far as these clients can tell: AUC {auc} against {plain}."
    ).format(**words)


def _costs(figures: Figures) -> str:
    before, after = figures["as_it_comes"], figures["calibrated"]
    return _(
        "At the policy's threshold it would refuse {before}% of clients as it comes, at a cost of {cost_before} an "
        "application; after calibration {after}%, at {cost_after}."
    ).format(
        before=_percent(1 - before["approval_rate"]["value"]),
        cost_before=_number(before["cost_per_application"]["value"], 3),
        after=_percent(1 - after["approval_rate"]["value"]),
        cost_after=_number(after["cost_per_application"]["value"], 3),
    )


def _percent(share: float) -> str:
    return _number(100 * share, 1)


def _number(value: float, decimals: int | None = None) -> str:
    """Write a number as the language does; Django alone would cut what is beyond the decimals, not round."""
    return number_format(value if decimals is None else round(value, decimals), decimals)


_WHATS: Mapping[str, Any] = {
    "median": gettext_lazy("The median where it is missing"),
    "median+flag": gettext_lazy("The median where it is missing, and a flag that says so"),
    "flag": gettext_lazy("A flag that says whether it is missing, and no amount"),
    "zero": gettext_lazy("Zero where it is missing"),
    "none": gettext_lazy("Not scaled"),
    "standard": gettext_lazy("Counted in deviations from the mean"),
    "robust": gettext_lazy("Counted in half interquartile ranges from the median"),
    "one-hot": gettext_lazy("A column a level"),
    "codes": gettext_lazy("Told by the place of its level, the most frequent first"),
}


def _skew_words(chosen: Figures) -> str:
    return _("Straightened by Yeo and Johnson") if chosen["skew"] == "yeo-johnson" else _("Not straightened")


def _why_missing(chosen: Figures) -> str:
    return _("{share}% is missing").format(share=_percent(chosen["missing_share"]))


def _why_skew(chosen: Figures) -> str:
    if chosen["skewness"] is None:
        return _("its shape does not matter here")
    return _("its skewness is {skewness}").format(skewness=_number(chosen["skewness"], 1))


def _why_scale(chosen: Figures) -> str:
    if chosen["kurtosis"] is None:
        return _("its unit does not matter here")
    return _("its excess kurtosis is then {kurtosis}").format(kurtosis=_number(chosen["kurtosis"], 1))


def _why_levels(chosen: Figures) -> str:
    return _("it has {count} levels").format(count=chosen["level_count"])


_WHYS = {"missing": _why_missing, "skew": _why_skew, "scale": _why_scale, "levels": _why_levels}
