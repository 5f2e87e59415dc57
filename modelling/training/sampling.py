"""Treatments of imbalance, each before the same LightGBM: what they do to probabilities is what is compared.

All read the columns a short booster gains most from, filled and scaled, since a neighbour in SMOTE is one by distance.
Each grows as many trees as the untreated rows call for: log loss, which says how many those are, would stop trees whose
level is wrong by design at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from modelling.encoding import Matrix
from modelling.training.candidates import Candidate, Fitted, Rows, Setting, Target, grown, inner_held_out, of_booster
from modelling.training.choices import Family
from modelling.training.parameters import MOST_FEATURES, parameters_for

Resample = Callable[[Rows, int], Rows]


def none(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Leave the rows as they are."""
    return _treated(values, target, setting)


def class_weights(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Weigh defaults until both outcomes weigh the same."""
    return _treated(values, target, setting, overrides={"is_unbalance": True})


def smote(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Make up defaults between neighbouring ones until there are as many as repayments (Chawla 2002)."""
    from imblearn.over_sampling import SMOTE  # noqa: PLC0415 - two seconds that only a treatment should cost

    return _treated(values, target, setting, resample=_by(SMOTE))


def smote_tomek(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Make up defaults as SMOTE does, then remove the pairs of nearest neighbours that differ (Batista 2004)."""
    from imblearn.combine import SMOTETomek  # noqa: PLC0415 - as above

    return _treated(values, target, setting, resample=_by(SMOTETomek))


def under_sampling(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Drop repayments at random until there are as few as defaults."""
    from imblearn.under_sampling import RandomUnderSampler  # noqa: PLC0415 - as above

    return _treated(values, target, setting, resample=_by(RandomUnderSampler))


TREATMENTS: Mapping[str, Candidate] = {
    "none": none,
    "class_weights": class_weights,
    "smote": smote,
    "smote_tomek": smote_tomek,
    "under_sampling": under_sampling,
}


def _by(sampler: Any) -> Resample:
    def resample(rows: Rows, seed: int) -> Rows:
        return Rows(*sampler(random_state=seed).fit_resample(rows.values, rows.target))

    return resample


def _untouched(rows: Rows, _seed: int) -> Rows:
    return rows


def _treated(
    values: Matrix,
    target: Target,
    setting: Setting,
    *,
    resample: Resample = _untouched,
    overrides: Mapping[str, Any] | None = None,
) -> Fitted:
    import lightgbm as lgb  # noqa: PLC0415 - as above

    from modelling.training.preprocessing import Preprocessing  # noqa: PLC0415 - as above
    from modelling.training.sample import Sample  # noqa: PLC0415 - as above
    from modelling.training.selection import most_useful  # noqa: PLC0415 - as above

    shape = {**parameters_for(len(target), seed=setting.seed), "num_threads": setting.threads}
    columns = most_useful(Sample(values, target, setting.encoding), shape, MOST_FEATURES)
    preprocessing = Preprocessing(setting.encoding.of_columns(columns), Family.LINEAR, setting.forced)
    rows = Rows(preprocessing.fit(values[:, columns]).transform(values[:, columns]), target)
    inner = inner_held_out(target, setting.seed)
    trees = grown(rows.of(~inner), rows.of(inner), shape).trees
    treated = resample(rows, setting.seed)
    data = lgb.Dataset(treated.values, treated.target)
    fitted = of_booster(lgb.train({**shape, **(overrides or {})}, data, trees))
    return Fitted(lambda rows: fitted.log_odds(preprocessing.transform(rows[:, columns])))
