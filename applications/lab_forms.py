"""What an analyst may ask of the lab: a training, a search of settings, and how far a search goes on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.selectors.studies import StudyCard
from applications.templatetags.feature_words import in_language
from applications.templatetags.lab_words import LESSONS, OBJECTIVES, SELECTIONS
from modelling.features.catalogue import CATALOGUE
from modelling.features.feature import Lesson
from modelling.features.legal import LegalStatus
from modelling.models import Study, TrainingRun
from modelling.snapshots import known_snapshots
from modelling.studies import NAME
from modelling.training.cost import Terms
from modelling.training.parameters import MOST_FEATURES, USUAL_LESSONS
from modelling.training.run import Plan
from modelling.training.search import Budget, Objective, Search
from modelling.training.selection import Selection

# PostgreSQL takes more; LightGBM does not.
LARGEST_SEED = 2**31 - 1
MOST_FOLDS = 20


class RecipeForm(forms.Form):
    """What a training and a search of settings have in common: on what, and with which features."""

    snapshot = forms.ChoiceField(label=_("Snapshot"))
    seed = forms.IntegerField(label=_("Seed"), initial=0, min_value=0, max_value=LARGEST_SEED)
    folds = forms.IntegerField(label=_("Folds"), initial=5, min_value=2, max_value=MOST_FOLDS)
    cost_ratio = forms.FloatField(
        label=_("A default costs as much as so many wrong refusals"), initial=10, min_value=0.1, max_value=10_000
    )
    selection = forms.ChoiceField(label=_("Features the trees read"), choices=list(SELECTIONS.items()))
    lessons = forms.MultipleChoiceField(
        label=_("What the population teaches"),
        required=False,
        choices=list(LESSONS.items()),
        initial=list(USUAL_LESSONS),
        widget=forms.CheckboxSelectMultiple,
    )
    controlled = forms.MultipleChoiceField(
        label=_("Controlled features"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Why these controlled features are used"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        controlled = [each for each in CATALOGUE.values() if each.status is LegalStatus.CONTROLLED]
        _choices(self, "snapshot", [(name, name) for name in known_snapshots()])
        _choices(self, "controlled", [(each.name, in_language(each.label)) for each in controlled])

    def clean(self) -> dict[str, Any]:
        """Want a reason for controlled features."""
        asked: dict[str, Any] = super().clean() or {}
        if asked.get("controlled") and not asked.get("reason"):
            self.add_error("reason", _("Say why: the reason is kept in the audit log."))
        return asked

    @property
    def is_detailed(self) -> bool:
        """Tell whether anything but the usual is asked for where most people leave it as it is."""
        return bool(self["controlled"].value() or self["reason"].errors)


class TrainingForm(RecipeForm):
    """A training."""

    most_features = forms.IntegerField(
        label=_("How many, at most"), initial=MOST_FEATURES, min_value=1, max_value=len(CATALOGUE)
    )
    study = forms.ModelChoiceField(
        Study.objects.none(),
        label=_("Settings of the trees"),
        required=False,
        empty_label=pgettext_lazy("settings", "standard"),
    )
    overrides = forms.CharField(
        label=_("Single settings"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "max_depth=3", "spellcheck": "false"}),
        help_text=_("One NAME=NUMBER a line; they go before those above."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["study"].queryset = Study.objects.exclude(results=[])  # type: ignore[attr-defined]  # of its kind

    def clean_overrides(self) -> dict[str, float | int]:
        """Read the lines."""
        return dict(_setting(line) for line in self.cleaned_data["overrides"].split())

    @property
    def plan(self) -> Plan:
        """Give the plan, with the best settings of the study chosen. Raises TrainingDataError for what cannot be."""
        asked = self.cleaned_data
        best = StudyCard(asked["study"]).best if asked["study"] else None
        found = best["settings"] if best else {}
        return Plan(
            seed=asked["seed"],
            folds=asked["folds"],
            terms=Terms(cost_ratio=asked["cost_ratio"]),
            controlled=tuple(asked["controlled"]),
            reason=asked["reason"] if asked["controlled"] else "",
            lessons=_lessons(asked),
            selection=Selection(asked["selection"]),
            most_features=asked["most_features"],
            overrides={**found, **asked["overrides"]},
        )


class StudyForm(RecipeForm):
    """A search of settings."""

    name = forms.RegexField(
        NAME,
        label=_("Name of the search"),
        max_length=60,
        error_messages={"invalid": _("Letters without accents, digits, - and _ are welcome here, nothing else.")},
    )
    objective = forms.ChoiceField(label=_("What is sought"), choices=list(OBJECTIVES.items()))
    trials = forms.IntegerField(
        label=_("Until there are so many trials"), required=False, initial=50, min_value=1, max_value=10_000
    )
    minutes = forms.FloatField(label=_("For so many minutes"), required=False, min_value=0.1, max_value=20 * 60)

    def clean(self) -> dict[str, Any]:
        """Want an end."""
        return _with_an_end(self, super().clean())

    @property
    def search(self) -> Search:
        """Give what is sought. Raises TrainingDataError for what cannot be."""
        asked = self.cleaned_data
        told = {name: asked[name] for name in ("seed", "folds", "cost_ratio")}
        return Search(
            **told,
            objective=Objective(asked["objective"]),
            selection=Selection(asked["selection"]),
            controlled=tuple(asked["controlled"]),
            lessons=_lessons(asked),
        )

    @property
    def budget(self) -> Budget:
        """Give how far it goes."""
        return _budget(self)


class BudgetForm(forms.Form):
    """How far a search goes on."""

    trials = StudyForm.base_fields["trials"]
    minutes = StudyForm.base_fields["minutes"]

    def clean(self) -> dict[str, Any]:
        """Want an end."""
        return _with_an_end(self, super().clean())

    @property
    def budget(self) -> Budget:
        """Give how far it goes."""
        return _budget(self)


def asked_again(run: TrainingRun) -> dict[str, Any]:
    """Give what to fill a form with that asks for the same training."""
    asked = run.asked
    lines = "\n".join(f"{name}={value}" for name, value in asked.get("overrides", {}).items())
    same = {name: asked[name] for name in asked if name in TrainingForm.base_fields}
    ratio = {"cost_ratio": asked["terms"]["cost_ratio"]} if "terms" in asked else {}
    return {**same, **ratio, "snapshot": run.snapshot_name, "seed": run.seed, "overrides": lines}


def asked_with(study: Study) -> dict[str, Any]:
    """Give what to fill a form with that trains with what a study found, on what it searched."""
    same = {name: study.asked[name] for name in study.asked if name in TrainingForm.base_fields}
    return {**same, "snapshot": study.snapshot_name, "study": study.pk}


def _with_an_end(form: forms.Form, asked: dict[str, Any] | None) -> dict[str, Any]:
    found = asked or {}
    if not form.errors and not found.get("trials") and not found.get("minutes"):
        form.add_error("trials", _("Say when the search ends: after so many trials, or minutes."))
    return found


def _budget(form: forms.Form) -> Budget:
    return Budget(form.cleaned_data["trials"], form.cleaned_data["minutes"])


def _lessons(asked: dict[str, Any]) -> tuple[Lesson, ...]:
    return tuple(lesson for lesson in Lesson if lesson in asked["lessons"])


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]  # of a ChoiceField


def _setting(line: str) -> tuple[str, float | int]:
    name, _equals, value = line.partition("=")
    try:
        return name, float(value) if set(value) & set(".e") else int(value)
    except ValueError:
        raise forms.ValidationError(
            _("A line such as max_depth=3 is expected; “%(line)s” is none."), "line", {"line": line}
        ) from None
