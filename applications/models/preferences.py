"""How each person likes the pages: columns, facts of the client, filters kept by name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Preferences(models.Model):
    """What one person chose to see. columns: of the list; client_fields: of an application; empty means the usual."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="preferences"
    )
    columns = models.JSONField(_("columns of the list"), default=list, blank=True)
    client_fields = models.JSONField(_("facts of the client"), default=list, blank=True)

    class Meta:
        db_table = "preferences"
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return str(self.person)


class SavedFilter(models.Model):
    """A filter of the list that a person kept by name. query: as it stands in the list's address."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filter"), max_length=500)

    class Meta:
        db_table = "saved_filter"
        ordering = ["name"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_filter_name_once_a_person")]

    def __str__(self) -> str:
        return self.name
