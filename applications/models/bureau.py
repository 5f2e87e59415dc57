"""What the credit bureau knows of a client's credits elsewhere: the credits, and their state month by month."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Client
from applications.models.facts import CategoryFact, IntegerFact, KeyFact, ParentFact, RealFact, Unit


class BureauCredit(models.Model):
    """One credit of the client with another lender, as the credit bureau knew it at the application."""

    sk_id_bureau = KeyFact(_("Bureau credit number"), _("Number of the credit at the credit bureau."), primary_key=True)
    client = ParentFact(
        Client,
        label=_("Client"),
        description=_("Number of the client."),
        db_column="sk_id_curr",
        related_name="bureau_credits",
    )
    credit_active = CategoryFact(
        _("State of the credit"), _("State of the credit at the bureau: active, closed, sold or bad debt.")
    )
    credit_currency = CategoryFact(_("Currency"), _("Currency of the credit, recoded by the publisher."))
    days_credit = IntegerFact(
        _("Asked for"),
        _("When the client asked for this credit, in days from the application (negative)."),
        unit=Unit.DAYS_TO_DATE,
    )
    credit_day_overdue = IntegerFact(
        _("Days past due"), _("Days past due on this credit at the time of the application."), unit=Unit.DAYS
    )
    days_credit_enddate = IntegerFact(
        _("Expected end"),
        _("Expected end of the credit, in days from the application; positive while it still runs."),
        unit=Unit.DAYS_TO_DATE,
    )
    days_enddate_fact = IntegerFact(
        _("Actual end"),
        _("When the credit really ended, in days from the application (negative); closed credits only."),
        unit=Unit.DAYS_TO_DATE,
    )
    amt_credit_max_overdue = RealFact(
        _("Largest overdue amount"),
        _("Largest amount ever overdue on this credit up to the application, in euros."),
        unit=Unit.EUROS,
    )
    cnt_credit_prolong = IntegerFact(_("Extensions"), _("Number of times the credit was extended."), unit=Unit.COUNT)
    amt_credit_sum = RealFact(_("Amount of the credit"), _("Current amount of the credit, in euros."), unit=Unit.EUROS)
    amt_credit_sum_debt = RealFact(
        _("Debt left"), _("Debt left on the credit at the application, in euros."), unit=Unit.EUROS
    )
    amt_credit_sum_limit = RealFact(_("Card limit"), _("Current limit of the credit card, in euros."), unit=Unit.EUROS)
    amt_credit_sum_overdue = RealFact(
        _("Overdue amount"), _("Amount overdue on the credit at the application, in euros."), unit=Unit.EUROS
    )
    credit_type = CategoryFact(
        _("Type of credit"), _("Type of the credit: consumer credit, credit card, mortgage, car loan…")
    )
    days_credit_update = IntegerFact(
        _("Last news"),
        _("When the bureau last had news of this credit, in days from the application."),
        unit=Unit.DAYS_TO_DATE,
    )
    amt_annuity = RealFact(
        _("Monthly instalment"), _("Amount to repay each month on this credit, in euros."), unit=Unit.EUROS
    )

    class Meta:
        db_table = "bureau"
        verbose_name = _("bureau credit")
        verbose_name_plural = _("bureau credits")

    def __str__(self) -> str:
        return _("Bureau credit %(number)s") % {"number": self.sk_id_bureau}


class BureauMonth(models.Model):
    """The state of one bureau credit in one month."""

    credit = ParentFact(
        BureauCredit,
        label=_("Bureau credit number"),
        description=_("Number of the credit at the credit bureau."),
        db_column="sk_id_bureau",
        db_index=False,
        related_name="months",
    )
    months_balance = IntegerFact(
        _("Month"),
        _("Month described, counted from the application: 0 is its month, -1 the month before."),
        unit=Unit.MONTHS_TO_DATE,
        null=False,
        blank=False,
    )
    status = CategoryFact(
        _("State in the month"),
        _("C: closed; X: unknown; 0: on time; 1 to 5: past due, from 1-30 days to over 120 days or written off."),
    )

    class Meta:
        db_table = "bureau_balance"
        verbose_name = _("month of a bureau credit")
        verbose_name_plural = _("months of bureau credits")
        # Its index begins with the credit, and so serves every read: the key alone needs no index of its own.
        constraints = (
            models.UniqueConstraint(fields=("credit", "months_balance"), name="bureau_balance_one_row_a_month"),
        )

    def __str__(self) -> str:
        return _("Bureau credit %(number)s, month %(month)s") % {"number": self.credit_id, "month": self.months_balance}
