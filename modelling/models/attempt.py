"""What every attempt in the lab has in common: how it stands, who asked for it, and what was asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """How far an attempt came."""

    QUEUED = "queued", pgettext_lazy("attempt", "waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", pgettext_lazy("attempt", "cancelled")
    BROKEN_OFF = "broken_off", pgettext_lazy("attempt", "broken off")

    @property
    def is_open(self) -> bool:
        """Tell whether it has yet to end."""
        return self in {State.QUEUED, State.RUNNING}


class Attempt(models.Model):
    """Work of minutes that may fail. The row is the truth: whoever takes it from QUEUED to RUNNING does it, once.

    asked: what was asked for, enough to ask for it again. failure: why it failed, as a sentence and its facts, where
    that can be told in other languages than `error` does. backend_pid: the database connection of the process at it;
    gone from pg_stat_activity when that process died.
    """

    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    snapshot_name = models.CharField(_("snapshot"), max_length=120)
    seed = models.BigIntegerField(_("seed"))
    asked = models.JSONField(_("what was asked"), default=dict, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    error = models.TextField(_("error"), blank=True)
    failure = models.JSONField(default=dict, blank=True, editable=False)
    backend_pid = models.IntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
