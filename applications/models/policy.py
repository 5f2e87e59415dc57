"""What the lender asks for: costs, thresholds and risk bands, as versions of which one is in force."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from modelling.training.cost import Terms

# The lab's own defaults, with their source.
TERMS = Terms()


class Strategy(models.TextChoices):
    """How much risk the lender is ready to take."""

    PRUDENT = "prudent", _("Prudent")
    STANDARD = "standard", _("Standard")
    OPEN = "open", _("Open")


class Recommendation(models.TextChoices):
    """What the machine advises; a person decides."""

    ACCEPT = "accept", _("Accept")
    REFER = "refer", _("To be examined")
    REFUSE = "refuse", _("Refuse")


class RiskLevel(models.TextChoices):
    """The risk of default in a word."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Policy(models.Model):
    """One version of a strategy; never edited once in force, replaced by the next version.

    cost_ratio: what a default costs, counted in wrong refusals (10 to 100).
    loss_given_default, margin: shares of the credit that a default loses and a repaid loan earns.
    accept_below, refuse_from: probabilities of default; between them a person examines.
    medium_from, high_from: probabilities of default where the risk is called medium and high.
    """

    strategy = models.CharField(_("strategy"), max_length=10, choices=Strategy.choices, default=Strategy.STANDARD)
    version = models.PositiveIntegerField(_("version"))
    cost_ratio = models.FloatField(_("cost of a default, in wrong refusals"))
    loss_given_default = models.FloatField(_("loss given default"), default=TERMS.loss_given_default)
    margin = models.FloatField(_("margin"), default=TERMS.margin)
    accept_below = models.FloatField(_("accept below"))
    refuse_from = models.FloatField(_("refuse from"))
    medium_from = models.FloatField(_("medium risk from"))
    high_from = models.FloatField(_("high risk from"))
    is_active = models.BooleanField(_("in force"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("created by")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        db_table = "policy"
        ordering = ["strategy", "-version"]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(fields=["strategy", "version"], name="policy_version_once"),
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="one_active_policy"),
            models.CheckConstraint(
                name="policy_thresholds_in_order",
                condition=Q(accept_below__gt=0, refuse_from__lt=1, accept_below__lte=F("refuse_from")),
                violation_error_message=_("Thresholds must rise: 0 < accept ≤ refuse < 1."),
            ),
            models.CheckConstraint(
                name="policy_bands_in_order",
                condition=Q(medium_from__gt=0, high_from__lt=1, medium_from__lte=F("high_from")),
                violation_error_message=_("Risk bands must rise: 0 < medium ≤ high < 1."),
            ),
            models.CheckConstraint(
                name="policy_cost_ratio_positive",
                condition=Q(cost_ratio__gt=0),
                violation_error_message=_("The cost of a default must be positive."),
            ),
            models.CheckConstraint(
                name="policy_shares_of_the_credit",
                condition=Q(loss_given_default__gt=0, loss_given_default__lte=1, margin__gt=0, margin__lte=1),
                violation_error_message=_("Loss given default and margin are shares of the credit, above 0 up to 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_strategy_display()} {self.cost_ratio:g}:1 v{self.version}"

    @property
    def terms(self) -> Terms:
        """Give what this policy says of costs, as the lab reads it."""
        return Terms(self.cost_ratio, self.loss_given_default, self.margin, self.accept_below)

    def recommend(self, probability: float) -> Recommendation:
        """Say what this policy advises at a probability of default in [0, 1]."""
        if probability < self.accept_below:
            return Recommendation.ACCEPT
        return Recommendation.REFUSE if probability >= self.refuse_from else Recommendation.REFER

    def risk_level(self, probability: float) -> RiskLevel:
        """Put a probability of default in [0, 1] into this policy's bands."""
        if probability < self.medium_from:
            return RiskLevel.LOW
        return RiskLevel.HIGH if probability >= self.high_from else RiskLevel.MEDIUM
