"""How the client's earlier loans with this lender went: point-of-sale and cash loans, instalments, cards.

Rows are read by client alone (one, or a range), so the client is their one index: at 27 million rows each further one
costs minutes of import. `sk_id_prev` is a plain number: 3 % of the point-of-sale rows and a third of the card rows name
a contract that previous_application lacks.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Client
from applications.models.facts import CategoryFact, IntegerFact, KeyFact, ParentFact, RealFact, Unit


class PosCashMonth(models.Model):
    """One month of an earlier point-of-sale or cash loan; some contracts have two published rows a month."""

    sk_id_prev = KeyFact(
        _("Previous application number"),
        _("Number of the earlier contract; some contracts have no row among the previous applications."),
    )
    client = ParentFact(
        Client,
        label=_("Client"),
        description=_("Number of the client."),
        db_column="sk_id_curr",
        related_name="pos_cash_months",
    )
    months_balance = IntegerFact(
        _("Month"),
        _("Month described, counted from the application: 0 is its month, -1 the month before."),
        unit=Unit.MONTHS_TO_DATE,
        null=False,
        blank=False,
    )
    cnt_instalment = IntegerFact(
        _("Term"),
        _("Term of the earlier loan in that month, in instalments; it may change over time."),
        unit=Unit.COUNT,
    )
    cnt_instalment_future = IntegerFact(
        _("Instalments left"), _("Number of instalments left to pay in that month."), unit=Unit.COUNT
    )
    name_contract_status = CategoryFact(_("State of the contract"), _("State of the contract in the month."))
    sk_dpd = IntegerFact(_("Days past due"), _("Days past due in the month."), unit=Unit.DAYS)
    sk_dpd_def = IntegerFact(
        _("Days past due, small debts ignored"), _("Days past due in the month, small debts ignored."), unit=Unit.DAYS
    )

    class Meta:
        db_table = "pos_cash_balance"
        verbose_name = _("month of a point-of-sale or cash loan")
        verbose_name_plural = _("months of point-of-sale and cash loans")

    def __str__(self) -> str:
        return _("Contract %(number)s, month %(month)s") % {"number": self.sk_id_prev, "month": self.months_balance}


class Instalment(models.Model):
    """One payment of one instalment of an earlier loan; an instalment paid in parts has several rows."""

    sk_id_prev = KeyFact(
        _("Previous application number"),
        _("Number of the earlier contract; some contracts have no row among the previous applications."),
    )
    client = ParentFact(
        Client,
        label=_("Client"),
        description=_("Number of the client."),
        db_column="sk_id_curr",
        related_name="instalments",
    )
    num_instalment_version = IntegerFact(
        _("Version of the schedule"),
        _("Version of the payment schedule; 0 for a credit card. It changes when the schedule does."),
        unit=Unit.NONE,
    )
    num_instalment_number = IntegerFact(
        _("Instalment number"), _("Number of the instalment in the schedule."), unit=Unit.NONE
    )
    days_instalment = IntegerFact(
        _("Due date"),
        _("When the instalment was due, in days from the application (negative)."),
        unit=Unit.DAYS_TO_DATE,
    )
    days_entry_payment = IntegerFact(
        _("Paid"),
        _("When the instalment was really paid, in days from the application (negative)."),
        unit=Unit.DAYS_TO_DATE,
    )
    amt_instalment = RealFact(_("Amount due"), _("Amount due for the instalment, in euros."), unit=Unit.EUROS)
    amt_payment = RealFact(
        _("Amount paid"), _("Amount the client really paid for the instalment, in euros."), unit=Unit.EUROS
    )

    class Meta:
        db_table = "installments_payments"
        verbose_name = _("instalment payment")
        verbose_name_plural = _("instalment payments")

    def __str__(self) -> str:
        numbers = {"number": self.sk_id_prev, "instalment": self.num_instalment_number}
        return _("Contract %(number)s, instalment %(instalment)s") % numbers


class CreditCardMonth(models.Model):
    """One month of an earlier credit card."""

    sk_id_prev = KeyFact(
        _("Previous application number"),
        _("Number of the earlier contract; some contracts have no row among the previous applications."),
    )
    client = ParentFact(
        Client,
        label=_("Client"),
        description=_("Number of the client."),
        db_column="sk_id_curr",
        related_name="credit_card_months",
    )
    months_balance = IntegerFact(
        _("Month"),
        _("Month described, counted from the application: 0 is its month, -1 the month before."),
        unit=Unit.MONTHS_TO_DATE,
        null=False,
        blank=False,
    )
    amt_balance = RealFact(_("Balance"), _("Balance of the card in the month, in euros."), unit=Unit.EUROS)
    amt_credit_limit_actual = RealFact(_("Card limit"), _("Limit of the card in the month, in euros."), unit=Unit.EUROS)
    amt_drawings_atm_current = RealFact(
        _("Cash withdrawn"), _("Amount withdrawn at cash machines in the month, in euros."), unit=Unit.EUROS
    )
    amt_drawings_current = RealFact(
        _("Amount drawn"), _("Amount drawn on the card in the month, in euros."), unit=Unit.EUROS
    )
    amt_drawings_other_current = RealFact(
        _("Other drawings"), _("Amount of other drawings in the month, in euros."), unit=Unit.EUROS
    )
    amt_drawings_pos_current = RealFact(
        _("Purchases"), _("Amount of purchases with the card in the month, in euros."), unit=Unit.EUROS
    )
    amt_inst_min_regularity = RealFact(
        _("Minimum instalment"), _("Smallest instalment due for the month, in euros."), unit=Unit.EUROS
    )
    amt_payment_current = RealFact(
        _("Paid in the month"), _("Amount the client paid in the month, in euros."), unit=Unit.EUROS
    )
    amt_payment_total_current = RealFact(
        _("Paid in the month, in total"), _("Amount the client paid in the month in total, in euros."), unit=Unit.EUROS
    )
    amt_receivable_principal = RealFact(
        _("Principal owed"), _("Principal the client owes on the card, in euros."), unit=Unit.EUROS
    )
    amt_recivable = RealFact(_("Amount owed"), _("Amount the client owes on the card, in euros."), unit=Unit.EUROS)
    amt_total_receivable = RealFact(
        _("Total owed"), _("Total amount the client owes on the card, in euros."), unit=Unit.EUROS
    )
    cnt_drawings_atm_current = IntegerFact(
        _("Number of withdrawals"), _("Number of withdrawals at cash machines in the month."), unit=Unit.COUNT
    )
    cnt_drawings_current = IntegerFact(
        _("Number of drawings"), _("Number of drawings on the card in the month."), unit=Unit.COUNT
    )
    cnt_drawings_other_current = IntegerFact(
        _("Number of other drawings"), _("Number of other drawings in the month."), unit=Unit.COUNT
    )
    cnt_drawings_pos_current = IntegerFact(
        _("Number of purchases"), _("Number of purchases with the card in the month."), unit=Unit.COUNT
    )
    cnt_instalment_mature_cum = IntegerFact(
        _("Instalments paid"), _("Number of instalments paid so far on the card."), unit=Unit.COUNT
    )
    name_contract_status = CategoryFact(_("State of the contract"), _("State of the contract in the month."))
    sk_dpd = IntegerFact(_("Days past due"), _("Days past due in the month."), unit=Unit.DAYS)
    sk_dpd_def = IntegerFact(
        _("Days past due, small debts ignored"), _("Days past due in the month, small debts ignored."), unit=Unit.DAYS
    )

    class Meta:
        db_table = "credit_card_balance"
        verbose_name = _("month of a credit card")
        verbose_name_plural = _("months of credit cards")
        constraints = (
            models.UniqueConstraint(
                fields=("sk_id_prev", "months_balance"), name="credit_card_balance_one_row_a_month"
            ),
        )

    def __str__(self) -> str:
        return _("Contract %(number)s, month %(month)s") % {"number": self.sk_id_prev, "month": self.months_balance}
