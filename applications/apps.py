"""The office."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    """Clients, applications, assessments, decisions, pages, people."""

    name = "applications"
    verbose_name = _("Applications")
