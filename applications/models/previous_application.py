"""The client's earlier applications with this lender."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Client
from applications.models.facts import CategoryFact, FlagFact, IntegerFact, KeyFact, ParentFact, RealFact, Unit


class PreviousApplication(models.Model):
    """One earlier application of the client with this lender, granted or not."""

    sk_id_prev = KeyFact(
        _("Previous application number"),
        _("Number of the earlier application, and of its contract if it was granted."),
        primary_key=True,
    )
    client = ParentFact(
        Client,
        label=_("Client"),
        description=_("Number of the client."),
        db_column="sk_id_curr",
        related_name="previous_applications",
    )
    name_contract_type = CategoryFact(
        _("Type of loan"), _("Type of loan asked for earlier: personal loan, consumer loan or revolving credit.")
    )
    amt_annuity = RealFact(
        _("Monthly instalment"), _("Amount to repay each month on the earlier loan, in euros."), unit=Unit.EUROS
    )
    amt_application = RealFact(
        _("Amount asked for"), _("Amount the client asked for earlier, in euros."), unit=Unit.EUROS
    )
    amt_credit = RealFact(
        _("Amount granted"),
        _("Final amount of the earlier credit, in euros; it may differ from the amount asked for."),
        unit=Unit.EUROS,
    )
    amt_down_payment = RealFact(_("Down payment"), _("Down payment on the earlier loan, in euros."), unit=Unit.EUROS)
    amt_goods_price = RealFact(
        _("Price of the goods"), _("Price of the goods the earlier loan was to pay for, in euros."), unit=Unit.EUROS
    )
    weekday_appr_process_start = CategoryFact(
        _("Day of the application"), _("Day of the week on which the client applied earlier.")
    )
    hour_appr_process_start = IntegerFact(
        _("Hour of the application"),
        _("Hour of the day, rounded, at which the client applied earlier (0 to 23)."),
        unit=Unit.HOUR,
    )
    flag_last_appl_per_contract = CategoryFact(
        _("Last application for the contract"),
        _("Y for the last application for its contract; N for one repeated later by mistake."),
    )
    nflag_last_appl_in_day = FlagFact(
        _("Last application of the day"),
        _("1 for the client's last application of that day, 0 for one followed by another."),
    )
    rate_down_payment = RealFact(_("Down payment rate"), _("Rate of the down payment, rescaled."), unit=Unit.NORMALISED)
    rate_interest_primary = RealFact(
        _("Interest rate"), _("Interest rate of the earlier loan, rescaled."), unit=Unit.NORMALISED
    )
    rate_interest_privileged = RealFact(
        _("Preferential interest rate"),
        _("Preferential interest rate of the earlier loan, rescaled."),
        unit=Unit.NORMALISED,
    )
    name_cash_loan_purpose = CategoryFact(_("Purpose of the loan"), _("What the personal loan was for."))
    name_contract_status = CategoryFact(
        _("Outcome"), _("What became of the earlier application: approved, refused, cancelled or unused offer.")
    )
    days_decision = IntegerFact(
        _("Decision"),
        _("When the earlier application was decided, in days from the application (negative)."),
        unit=Unit.DAYS_TO_DATE,
    )
    name_payment_type = CategoryFact(_("Means of payment"), _("How the client chose to pay the earlier loan."))
    code_reject_reason = CategoryFact(
        _("Reason for the refusal"), _("Why the earlier application was refused; XAP when it was not.")
    )
    name_type_suite = CategoryFact(_("Accompanied by"), _("Who came with the client to apply for the earlier loan."))
    name_client_type = CategoryFact(
        _("New or known client"), _("Whether the client was new or already known at the earlier application.")
    )
    name_goods_category = CategoryFact(_("Kind of goods"), _("Kind of goods the earlier loan was to pay for."))
    name_portfolio = CategoryFact(
        _("Portfolio"), _("Portfolio of the earlier application: personal loans, point of sale, cards or cars.")
    )
    name_product_type = CategoryFact(
        _("Way in"), _("Whether the earlier product was offered to a client (x-sell) or asked for (walk-in).")
    )
    channel_type = CategoryFact(_("Channel"), _("Channel through which the client came to the earlier application."))
    sellerplace_area = IntegerFact(
        _("Area of the shop"), _("Selling area of the shop where the client applied earlier; -1 when there was none.")
    )
    name_seller_industry = CategoryFact(_("Trade of the seller"), _("Line of business of the seller."))
    cnt_payment = IntegerFact(_("Term"), _("Term of the earlier loan as asked for, in months."), unit=Unit.MONTHS)
    name_yield_group = CategoryFact(
        _("Level of interest"), _("Interest rate of the earlier loan, in groups from low to high.")
    )
    product_combination = CategoryFact(_("Detailed product"), _("Detailed product of the earlier application."))
    days_first_drawing = IntegerFact(
        _("First drawing"),
        _("First payout of the earlier loan, in days from the application; 365243 means none."),
        unit=Unit.DAYS_TO_DATE,
    )
    days_first_due = IntegerFact(
        _("First due date"),
        _("First due date of the earlier loan, in days from the application; 365243 means none."),
        unit=Unit.DAYS_TO_DATE,
    )
    days_last_due_1st_version = IntegerFact(
        _("Last due date at first"),
        _("Last due date as first planned, in days from the application; 365243 means none."),
        unit=Unit.DAYS_TO_DATE,
    )
    days_last_due = IntegerFact(
        _("Last due date"),
        _("Last due date of the earlier loan, in days from the application; 365243 means none."),
        unit=Unit.DAYS_TO_DATE,
    )
    days_termination = IntegerFact(
        _("Expected end"),
        _("Expected end of the earlier loan, in days from the application; 365243 means none."),
        unit=Unit.DAYS_TO_DATE,
    )
    nflag_insured_on_approval = FlagFact(
        _("Insurance asked for"), _("Whether the client asked for insurance with the earlier loan.")
    )

    class Meta:
        db_table = "previous_application"
        verbose_name = _("previous application")
        verbose_name_plural = _("previous applications")

    def __str__(self) -> str:
        return _("Previous application %(number)s") % {"number": self.sk_id_prev}
