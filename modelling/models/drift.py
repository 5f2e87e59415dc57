"""How far clients have moved from those a version was trained on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modelling.models.version import ModelVersion


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
