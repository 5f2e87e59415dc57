"""Clients, applications and their credit history, to be read.

Facts of an application can be corrected; that makes a new version of it. Barred facts are not shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applications.admin.paging import EstimatingPaginator
from applications.models import (
    Application,
    BureauCredit,
    BureauMonth,
    Client,
    CreditCardMonth,
    Instalment,
    PosCashMonth,
    PreviousApplication,
    User,
)
from applications.models.application_facts import EnquiryAndDocumentFacts, LoanFacts, PersonFacts
from applications.models.facts import shown_fields
from applications.models.housing_facts import HousingFacts
from applications.services.intake import change_facts
from applications.tasks import enqueue
from modelling.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldOpts
    from django.utils.functional import _StrPromise

LARGEST_KEY = 2**63 - 1


class TableAdmin(ReadOnlyAdmin):
    """A large table: found by number alone, through an index."""

    paginator = EstimatingPaginator
    search_help_text = _("A number")
    # Which columns the number is looked for in. Django's own search compares numbers as text, row by row.
    numbers: tuple[str, ...] = ("pk", "client_id")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Give the searched columns, so that the page shows its search box."""
        return self.numbers

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Give the rows that bear the number; none for what is no number."""
        if not search_term:
            return queryset, False
        if not search_term.isdecimal() or int(search_term) > LARGEST_KEY:
            return queryset.none(), False
        wanted = Q()
        for name in self.numbers:
            wanted |= Q(**{name: int(search_term)})
        return queryset.filter(wanted), False


def _group(title: _StrPromise, facts: type[Model]) -> tuple[_StrPromise, _FieldOpts]:
    return title, {"fields": [field.name for field in shown_fields(facts)], "classes": ["collapse"]}


@admin.register(Client)
class ClientAdmin(TableAdmin):
    list_display = ("id", "created_at")
    fields = ("id", "created_at")
    numbers = ("pk",)


@admin.register(Application)
class ApplicationAdmin(TableAdmin):
    list_display = ("sk_id_curr", "received_on", "agency", "stage", "name_contract_type", "amt_credit", "is_demo")
    list_filter = ("stage", "agency", "is_demo")
    list_select_related = ("agency",)
    fieldsets = (
        (None, {"fields": ("sk_id_curr", "client", "agency", "received_on", "stage", "version", "is_demo", "target")}),
        _group(_("Loan"), LoanFacts),
        _group(_("Person"), PersonFacts),
        _group(_("Building"), HousingFacts),
        _group(_("Documents and enquiries"), EnquiryAndDocumentFacts),
    )
    readonly_fields = ("sk_id_curr", "client", "agency", "received_on", "stage", "version", "is_demo", "target")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def save_model(self, request: HttpRequest, obj: Application, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        """Correct facts: a new version, an event, a new assessment."""
        change_facts(obj, actor=cast("User", request.user), changed=form.changed_data)
        if form.changed_data:
            enqueue([obj.pk])


@admin.register(BureauCredit)
class BureauCreditAdmin(TableAdmin):
    list_display = ("sk_id_bureau", "client_id", "credit_type", "credit_active", "days_credit", "amt_credit_sum")


@admin.register(BureauMonth)
class BureauMonthAdmin(TableAdmin):
    list_display = ("credit_id", "months_balance", "status")
    numbers = ("credit_id",)


@admin.register(PreviousApplication)
class PreviousApplicationAdmin(TableAdmin):
    list_display = ("sk_id_prev", "client_id", "name_contract_type", "name_contract_status", "days_decision")


@admin.register(PosCashMonth)
class PosCashMonthAdmin(TableAdmin):
    list_display = ("sk_id_prev", "client_id", "months_balance", "name_contract_status", "sk_dpd")
    numbers = ("client_id",)


@admin.register(Instalment)
class InstalmentAdmin(TableAdmin):
    list_display = ("sk_id_prev", "client_id", "num_instalment_number", "days_instalment", "amt_instalment")
    numbers = ("client_id",)


@admin.register(CreditCardMonth)
class CreditCardMonthAdmin(TableAdmin):
    list_display = ("sk_id_prev", "client_id", "months_balance", "name_contract_status", "amt_balance")
    numbers = ("sk_id_prev", "client_id")
