"""Keys of the REST API, and the answers kept so that a repeated request has one effect."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a key may do, within what the person it acts for may."""

    READ = "read", _("Read applications, assessments and explanations")
    SUBMIT = "submit", _("Submit applications")
    ASSESS = "assess", _("Ask for assessments")
    PREDICT = "predict", _("Compute probabilities without storing them")


def no_scopes() -> list[str]:
    """Return the scopes of a key that was given none."""
    return []


class ApiKey(models.Model):
    """A key for a machine. It acts for a person: role, agency and access are that person's.

    prefix: the readable beginning of the key, by which it is found. digest: SHA-256 of the whole key, 256 random bits
    that need no slow hash; the key itself is shown once and kept nowhere.
    """

    name = models.CharField(_("name"), max_length=80)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_keys", verbose_name=_("acts for")
    )
    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=no_scopes)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        db_table = "api_key"
        ordering = ["-created_at"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_usable(self) -> bool:
        """Tell whether the key opens the API now."""
        return self.revoked_at is None and self.expires_at > timezone.now() and self.person.is_active


class KeptAnswer(models.Model):
    """The answer to a request that came with an Idempotency-Key; the same request again gets it again.

    request_digest: SHA-256 of the request's body, so that the same word with another body is noticed.
    """

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="kept_answers")
    word = models.CharField(max_length=80)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "api_kept_answer"
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(fields=["key", "word"], name="one_answer_per_idempotency_key")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.word}: {self.status}"
