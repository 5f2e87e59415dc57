"""How a model version's state and measures are said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from applications.models import PromotionState
from applications.templatetags.scoring_format import number, percent
from modelling.models import ModelVersion

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

register = template.Library()

# Name, and what it says to somebody who does not live with it.
METRICS: Mapping[str, tuple[StrPromise | str, StrPromise]] = {
    "auc": ("AUC", gettext_lazy("how often a client who defaulted is ranked above one who repaid; 0.5 is chance")),
    "pr_auc": ("PR AUC", gettext_lazy("precision averaged over the defaults caught; chance is the default rate")),
    "ks": ("KS", gettext_lazy("the widest gap between those who repaid and those who defaulted")),
    "brier": ("Brier", gettext_lazy("mean squared gap between probability and outcome; lower is better")),
    "log_loss": (gettext_lazy("Log loss"), gettext_lazy("how surprised the probabilities are; lower is better")),
    "calibration_slope": (
        gettext_lazy("Calibration slope"),
        gettext_lazy("1 is right; below 1 the probabilities are too extreme"),
    ),
    "calibration_intercept": (
        gettext_lazy("Calibration intercept"),
        gettext_lazy("0 is right; above 0 the probabilities are too low on the whole"),
    ),
    "ece": ("ECE", gettext_lazy("mean gap between predicted and observed rate")),
}
CALIBRATIONS: Mapping[str, StrPromise] = {
    "platt": pgettext_lazy("calibration", "a straight line (Platt)"),
    "isotonic": pgettext_lazy("calibration", "a rising curve (isotonic)"),
}
# In the colours of the advice: in force, to be examined, out of force.
_PILLS: Mapping[str, str] = {
    ModelVersion.State.CHAMPION: "accept",
    ModelVersion.State.CHALLENGER: "refer",
    PromotionState.APPROVED: "accept",
    PromotionState.OPEN: "refer",
    PromotionState.REFUSED: "refuse",
}
STATES: Mapping[str, StrPromise] = {
    ModelVersion.State.CANDIDATE: pgettext_lazy("model version", "Candidate"),
    ModelVersion.State.CHALLENGER: pgettext_lazy("model version", "Challenger"),
    ModelVersion.State.CHAMPION: pgettext_lazy("model version", "In force"),
    ModelVersion.State.RETIRED: pgettext_lazy("model version", "Retired"),
}


@register.filter
def metric_label(name: str) -> str:
    """Name a metric."""
    return str(METRICS[name][0]) if name in METRICS else name


@register.filter
def metric_meaning(name: str) -> str:
    """Say what a metric says."""
    return str(METRICS[name][1]) if name in METRICS else ""


@register.filter
def calibration_words(kind: str) -> str:
    """Name a kind of calibration."""
    return str(CALIBRATIONS.get(kind, kind))


@register.filter
def state_pill(state: str) -> SafeString:
    """Show the state of a version or of a request for promotion: a word on its colour."""
    words = STATES[state] if state in STATES else PromotionState(state).label
    return format_html('<span class="pill {}">{}</span>', _PILLS.get(state, "plain"), words)


@register.filter
def interval(figure: Mapping[str, float | None] | None, decimals: int = 3) -> str:
    """Write the 95 % interval of a number: "0,749 to 0,765"."""
    if not figure or figure["low"] is None:
        return ""
    ends = {"low": number(figure["low"], decimals), "high": number(figure["high"], decimals)}
    return gettext("%(low)s to %(high)s") % ends


@register.filter
def percent_interval(figure: Mapping[str, float | None] | None, decimals: int = 1) -> str:
    """Write the 95 % interval of a share: "7,9 % to 8,3 %"."""
    if not figure or figure["low"] is None:
        return ""
    ends = {"low": percent(figure["low"], decimals), "high": percent(figure["high"], decimals)}
    return gettext("%(low)s to %(high)s") % ends
