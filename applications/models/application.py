"""The client and the application, which asks for one loan and holds the 122 published columns."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from applications.models.application_facts import EnquiryAndDocumentFacts, LoanFacts, PersonFacts
from applications.models.facts import FlagFact, KeyFact
from applications.models.housing_facts import HousingFacts


class Client(models.Model):
    """A person, known by number alone. An imported client keeps the published SK_ID_CURR as number."""

    id = models.BigAutoField(_("client number"), primary_key=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        db_table = "client"
        verbose_name = _("client")
        verbose_name_plural = _("clients")

    def __str__(self) -> str:
        return _("Client %(number)s") % {"number": self.pk}


class Stage(models.TextChoices):
    """Where an application stands in the office."""

    TO_ASSESS = "to_assess", _("To assess")
    TO_DECIDE = "to_decide", _("To decide")
    AWAITING_DOCUMENT = "awaiting_document", _("Awaiting a document")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Application(LoanFacts, PersonFacts, HousingFacts, EnquiryAndDocumentFacts):
    """One request for one loan.

    version: raised at each change of a fact; an assessment belongs to one version.
    target: the outcome seen later, null while unknown.
    """

    sk_id_curr = KeyFact(_("Application number"), _("Number of the application."), primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="applications", verbose_name=_("client"))
    # Three indexes below begin with the agency, so it needs none of its own.
    agency = models.ForeignKey(
        "applications.Agency",
        on_delete=models.PROTECT,
        related_name="applications",
        db_index=False,
        verbose_name=_("agency"),
    )
    received_on = models.DateField(_("received on"))
    version = models.PositiveIntegerField(_("version of the facts"), default=1, db_default=1, editable=False)
    stage = models.CharField(
        _("stage"), max_length=20, choices=Stage, default=Stage.TO_ASSESS, db_default=Stage.TO_ASSESS
    )
    current_assessment = models.OneToOneField(
        "applications.Assessment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("current assessment"),
    )
    is_demo = models.BooleanField(_("demo data"), default=False, db_default=False, editable=False)
    target = FlagFact(
        _("Payment difficulties seen"),
        _("Outcome seen later: 1 when one of the first instalments was paid too late, 0 otherwise; empty if unknown."),
    )

    class Meta:
        db_table = "application"
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-received_on", "sk_id_curr")
        constraints = (
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="application_stage_is_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="application_version_from_1"),
        )
        indexes = (
            models.Index(F("received_on").desc(), "sk_id_curr", name="application_newest"),
            models.Index("stage", F("received_on").desc(), "sk_id_curr", name="application_stage_newest"),
            models.Index("agency", F("received_on").desc(), "sk_id_curr", name="application_agency_newest"),
            models.Index("agency", "stage", F("received_on").desc(), "sk_id_curr", name="application_agency_stage_new"),
            models.Index(F("amt_credit").desc(nulls_last=True), "sk_id_curr", name="application_largest"),
            models.Index(
                "agency", F("amt_credit").desc(nulls_last=True), "sk_id_curr", name="application_agency_largest"
            ),
        )

    def __str__(self) -> str:
        return _("Application %(number)s") % {"number": self.sk_id_curr}
