"""The rows that say which trained bundles exist, where each came from, and which one is in force."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modelling.quality.findings import Severity


class ModelVersion(models.Model):
    """One trained bundle: its lineage, its measured quality, and whether it is the one in force.

    The bundle's files are named by `digest`, the SHA-256 of its manifest; the row never changes but for its promotion.
    """

    class State(models.TextChoices):
        """Where a version stands; at most one is the champion."""

        CANDIDATE = "candidate", _("candidate")
        CHALLENGER = "challenger", _("challenger")
        CHAMPION = "champion", _("champion")
        RETIRED = "retired", _("retired")

    number = models.PositiveIntegerField(_("number"), unique=True, validators=[MinValueValidator(1)])
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.CANDIDATE)
    digest = models.CharField(_("digest"), max_length=64, unique=True, help_text=_("SHA-256 of the bundle's manifest"))
    bundle_path = models.CharField(_("bundle folder"), max_length=255, help_text=_("relative to the bundles folder"))
    features = models.JSONField(_("features"), default=list, help_text=_("names, in the order of the matrix"))
    metrics = models.JSONField(_("metrics"), default=dict, help_text=_("out of fold, each with its 95 % interval"))
    parameters = models.JSONField(_("parameters"), default=dict)
    report = models.JSONField(
        _("training report"), default=dict, help_text=_("as in the bundle: thresholds, costs, curves, folds")
    )
    seed = models.BigIntegerField(_("seed"))
    snapshot_name = models.CharField(_("snapshot"), max_length=120)
    snapshot_digest = models.CharField(_("snapshot digest"), max_length=64)
    catalogue_version = models.CharField(_("feature catalogue version"), max_length=64)
    code_version = models.CharField(_("code version"), max_length=64, help_text=_("digest of the lab's own source"))
    platform = models.CharField(_("platform"), max_length=255, help_text=_("system, Python and library versions"))
    is_demo = models.BooleanField(_("trained on demo data"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    promoted_at = models.DateTimeField(_("promoted"), null=True, blank=True)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("promoted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("empty when the system promoted it at its first start"),
    )
    promoted_note = models.TextField(_("promotion note"), blank=True)

    class Meta:
        db_table = "model_version"
        ordering = ["-number"]
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="champion"), name="one_champion"),
            models.CheckConstraint(
                condition=Q(promoted_at__isnull=False) | ~Q(state="champion"), name="champion_was_promoted"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="model_version_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"v{self.number} ({self.get_state_display()})"


class HeldOutReading(models.Model):
    """One time a version was measured on held-out rows; each reading after the first makes them less of a test.

    rows_digest: SHA-256 of the labelled clients and their outcomes.
    """

    version = models.ForeignKey(
        ModelVersion, verbose_name=_("model version"), on_delete=models.PROTECT, related_name="readings"
    )
    rows_digest = models.CharField(_("digest of the rows"), max_length=64, db_index=True)
    read_at = models.DateTimeField(_("read at"), auto_now_add=True)
    figures = models.JSONField(_("figures"), default=dict)

    class Meta:
        db_table = "held_out_reading"
        ordering = ["-read_at"]
        verbose_name = _("reading of held-out rows")
        verbose_name_plural = _("readings of held-out rows")

    def __str__(self) -> str:
        return f"v{self.version_id}, {self.rows_digest[:12]}, {self.read_at:%Y-%m-%d %H:%M}"


class TrainingRun(models.Model):
    """One attempt to train, kept whether it ended well or not.

    backend_pid: the database connection of the process at it; gone from pg_stat_activity when that process died.
    """

    class State(models.TextChoices):
        """How far the attempt came."""

        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    snapshot_name = models.CharField(_("snapshot"), max_length=120)
    seed = models.BigIntegerField(_("seed"))
    figures = models.JSONField(
        _("figures"), default=dict, blank=True, help_text=_("seconds from the start to the end of each step")
    )
    error = models.TextField(_("error"), blank=True)
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
    backend_pid = models.IntegerField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "training_run"
        ordering = ["-started_at"]
        verbose_name = _("training run")
        verbose_name_plural = _("training runs")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", finished_at__isnull=True)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="training_run_ends_once",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="failed_training_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_name}, {self.started_at:%Y-%m-%d %H:%M}"


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
    state = models.CharField(
        _("state"), max_length=16, choices=TrainingRun.State.choices, default=TrainingRun.State.RUNNING
    )
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


class QualityReport(models.Model):
    """How tables that came in, or went into a snapshot, compare with those the champion learnt from.

    It is written once; a block may then be accepted, once, by a person with a reason. findings: `Finding.to_json`, the
    worst first. rows: by table, of those compared. digest: the snapshot's.
    """

    class Occasion(models.TextChoices):
        """When tables are compared."""

        IMPORT = "import", _("Import")
        SNAPSHOT = "snapshot", _("Snapshot")

    class Verdict(models.TextChoices):
        """What the worst finding asks for."""

        NOT_COMPARED = "not_compared", _("Not compared")
        CLEAN = "clean", _("Nothing found")
        WARNED = "warned", _("To be watched")
        BLOCKED = "blocked", _("Blocked")

    class Obstacle(models.TextChoices):
        """Why nothing was compared."""

        NO_CHAMPION = "no_champion", _("no champion yet")
        NO_PROFILE = "no_profile", _("the champion was trained before tables were profiled")
        DEMO_CHAMPION = "demo_champion", _("the champion was trained on demo data")

    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    occasion = models.CharField(_("occasion"), max_length=16, choices=Occasion.choices)
    subject = models.CharField(_("subject"), max_length=255, help_text=_("the folder imported, or the snapshot"))
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict.choices)
    obstacle = models.CharField(_("why not compared"), max_length=16, choices=Obstacle.choices, blank=True)
    compared_with = models.ForeignKey(
        ModelVersion,
        verbose_name=_("compared with"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quality_reports",
    )
    rows = models.JSONField(_("rows"), default=dict)
    findings = models.JSONField(_("findings"), default=list)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    accepted_reason = models.TextField(_("reason for accepting"), blank=True)

    class Meta:
        db_table = "quality_report"
        ordering = ["-id"]
        verbose_name = _("data quality report")
        verbose_name_plural = _("data quality reports")
        indexes = [models.Index(fields=["occasion", "subject"], name="quality_by_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True, accepted_reason="")
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, verdict="blocked") & ~Q(accepted_reason=""),
                name="a_block_is_accepted_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(verdict="not_compared") & ~Q(obstacle="") | ~Q(verdict="not_compared") & Q(obstacle=""),
                name="not_compared_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_occasion_display()} {self.subject}"

    @property
    def is_blocking(self) -> bool:
        """Tell whether what it is about is held back: blocked, and accepted by nobody."""
        return self.verdict == self.Verdict.BLOCKED and self.accepted_at is None

    def count(self, severity: Severity) -> int:
        """Give the number of findings of a severity."""
        return sum(finding["severity"] == severity for finding in self.findings)


class DriftReport(models.Model):
    """How far the applications of a time were from those a version was trained on.

    received_from, received_to: when they came in, both days included. expected: what the probabilities let expect
    while they are calibrated, `default_rate` and `auc`, without any outcome. groups: the applications by `agencies`
    and by `months`, each with its clients, score_psi, mean_probability, missing_share and unseen_share.
    """

    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="drift_reports", verbose_name=_("model version")
    )
    measured_at = models.DateTimeField(_("measured"), auto_now_add=True)
    received_from = models.DateField(_("received from"))
    received_to = models.DateField(_("received to"))
    clients_then = models.PositiveIntegerField(_("clients of training"))
    clients_now = models.PositiveIntegerField(_("clients now"))
    score_psi = models.FloatField(_("stability index of the score"))
    expected = models.JSONField(_("expected"), default=dict)
    groups = models.JSONField(_("groups"), default=dict)

    class Meta:
        db_table = "drift_report"
        ordering = ["-measured_at"]
        verbose_name = _("drift report")
        verbose_name_plural = _("drift reports")
        constraints = [
            models.CheckConstraint(condition=Q(received_from__lte=models.F("received_to")), name="drift_days_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.version_id}, {self.measured_at:%Y-%m-%d %H:%M}"


class DriftFinding(models.Model):
    """How far one feature moved; the figures are those of `modelling.drift.Shift`."""

    class Method(models.TextChoices):
        """How the two samples were compared, beside the index."""

        KS = "ks", _("Kolmogorov-Smirnov")
        CHI2 = "chi2", _("χ², as Cramér's V")

    report = models.ForeignKey(
        DriftReport, on_delete=models.CASCADE, related_name="findings", verbose_name=_("drift report")
    )
    feature = models.CharField(_("feature"), max_length=120)
    psi = models.FloatField(_("stability index"))
    method = models.CharField(_("compared by"), max_length=4, choices=Method.choices)
    statistic = models.FloatField(_("statistic"))
    p_value = models.FloatField(_("p-value"))
    missing_then = models.FloatField(_("missing in training"))
    missing_now = models.FloatField(_("missing now"))
    unseen_share = models.FloatField(_("never seen in training"))
    edges = models.JSONField(_("edges of the bins"), default=list)
    levels = models.JSONField(_("words of the bins"), default=list)
    then = models.JSONField(_("shares in training"), default=list)
    now = models.JSONField(_("shares now"), default=list)

    class Meta:
        db_table = "drift_finding"
        ordering = ["report", "-psi", "feature"]
        verbose_name = _("drift of a feature")
        verbose_name_plural = _("drift of features")
        constraints = [models.UniqueConstraint(fields=["report", "feature"], name="one_finding_a_feature")]

    def __str__(self) -> str:
        return f"{self.feature}: {self.psi:.2f}"
