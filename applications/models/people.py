"""Who works with the product: agencies, roles and users."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is here to do; `applications.access` says what each may."""

    ADVISOR = "advisor", _("Advisor")
    ANALYST = "analyst", _("Analyst")
    MANAGER = "manager", _("Manager")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


class Agency(models.Model):
    """A branch of the lender; an advisor sees the applications of his own."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        db_table = "agency"
        ordering = ["code"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in, with one role; an advisor always belongs to an agency."""

    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.ADVISOR)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("agency")
    )

    class Meta:
        db_table = "user"
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                name="advisor_has_an_agency",
                condition=~models.Q(role=Role.ADVISOR) | models.Q(agency__isnull=False) | models.Q(is_active=False),
                violation_error_message=_("An advisor needs an agency."),
            )
        ]
