"""The lab as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModellingConfig(AppConfig):
    """Trains, carries and explains model versions; knows nothing of clients' files or of people's decisions."""

    name = "modelling"
    verbose_name = _("Model versions")
    default_auto_field = "django.db.models.BigAutoField"
