"""Attempts to train and to compare, kept whether they ended well or not."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modelling.models.attempt import Attempt, State
from modelling.models.version import ModelVersion

_OPEN = Q(state__in=["queued", "running"])
ENDS_ONCE = (_OPEN & Q(finished_at__isnull=True)) | (~_OPEN & Q(finished_at__isnull=False))


class TrainingRun(Attempt):
    """One attempt to train, kept whether it ended well or not.

    tracking_failure: why MLflow has no run, as a sentence and its facts, as `failure` is.
    """

    figures = models.JSONField(
        _("figures"), default=dict, blank=True, help_text=_("seconds from the start to the end of each step")
    )
    version = models.ForeignKey(
        ModelVersion,
        verbose_name=_("model version"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="runs",
    )
    mlflow_run = models.CharField(_("MLflow run"), max_length=64, blank=True)
    tracking_error = models.TextField(_("why MLflow has no run"), blank=True)
    tracking_failure = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        db_table = "training_run"
        ordering = ["-started_at"]
        verbose_name = _("training run")
        verbose_name_plural = _("training runs")
        constraints = [
            models.CheckConstraint(condition=ENDS_ONCE, name="training_run_ends_once"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="failed_training_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_name}, {self.started_at:%Y-%m-%d %H:%M}"


class Study(Attempt):
    """A search of settings as people read it: Optuna's own tables, in a schema of their own, hold what it knows.

    name: Optuna's too. trials, minutes: how far the last run goes; trials_before: where it began. results: the trials
    that ended, in order, each with its settings, its value (None when it was given up) and how many folds it took.
    importance: by setting, its share of what the values vary by, where there are enough trials to tell.
    """

    name = models.SlugField(_("name"), max_length=60, unique=True)
    trials = models.PositiveIntegerField(_("trials"), null=True, blank=True)
    minutes = models.FloatField(_("minutes"), null=True, blank=True)
    trials_before = models.PositiveIntegerField(_("trials before"), default=0)
    results = models.JSONField(_("results"), default=list, blank=True)
    importance = models.JSONField(_("importance"), default=dict, blank=True)

    class Meta:
        db_table = "study"
        ordering = ["-started_at"]
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        constraints = [
            models.CheckConstraint(condition=ENDS_ONCE, name="study_ends_once"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="failed_study_says_why"),
        ]

    def __str__(self) -> str:
        return self.name


class ComparisonRun(models.Model):
    """Several candidates on the same rows and folds: kinds of model, or treatments of imbalance.

    names: in the order asked for. results: figures by name, those that are done; a comparison that was stopped keeps
    them and goes on from there. conditions: all the figures depend on besides the snapshot and the seed.
    """

    class Subject(models.TextChoices):
        """What is compared."""

        MODELS = "models", _("kinds of model")
        SAMPLING = "sampling", _("treatments of imbalance")

    subject = models.CharField(_("subject"), max_length=16, choices=Subject.choices)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    snapshot_name = models.CharField(_("snapshot"), max_length=120)
    snapshot_digest = models.CharField(_("snapshot digest"), max_length=64)
    seed = models.BigIntegerField(_("seed"))
    names = models.JSONField(_("candidates"), default=list)
    conditions = models.JSONField(_("conditions"), default=dict)
    results = models.JSONField(_("results"), default=dict, blank=True)
    folds_done = models.PositiveIntegerField(_("folds done"), default=0)
    error = models.TextField(_("error"), blank=True)
    backend_pid = models.IntegerField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "comparison_run"
        ordering = ["-started_at"]
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", finished_at__isnull=True)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="comparison_ends_once",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="failed_comparison_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}, {self.snapshot_name}, {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def folds_in_all(self) -> int:
        """Give how many folds there are to fit, of all candidates together."""
        return len(self.names) * int(self.conditions["folds"])
