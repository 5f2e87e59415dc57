"""Files of applications that were scored without being taken in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.policy import Policy
from modelling.models import ModelVersion


class ScoredFile(models.Model):
    """A file somebody brought to be scored: what it asks until then, what the machine said from then on.

    Its author alone sees it, for a while; what stays is the audit event with both digests.
    digest: SHA-256 of the file as it came. items: what each line asks, emptied once it is answered.
    results: what was said of each line, in the order of the file; None before.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scored_files", verbose_name=_("author")
    )
    name = models.CharField(_("file name"), max_length=100)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    lines = models.PositiveIntegerField(_("lines"))
    items = models.JSONField(default=list, blank=True)
    results = models.JSONField(null=True, blank=True)
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("model version")
    )
    policy = models.ForeignKey(
        Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("policy")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        db_table = "scored_file"
        ordering = ["-pk"]
        verbose_name = _("scored file")
        verbose_name_plural = _("scored files")

    def __str__(self) -> str:
        return self.name
