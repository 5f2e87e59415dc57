"""The published columns of an application, but for the housing ones: the loan, the person, enquiries and documents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.facts import CategoryFact, FlagFact, IntegerFact, RealFact, Unit


class LoanFacts(models.Model):
    """What is asked for, and when."""

    name_contract_type = CategoryFact(_("Type of loan"), _("Personal loan or revolving credit."))
    amt_credit = RealFact(_("Credit amount"), _("Amount of the loan asked for, in euros."), unit=Unit.EUROS)
    amt_annuity = RealFact(_("Monthly instalment"), _("Amount to repay each month, in euros."), unit=Unit.EUROS)
    amt_goods_price = RealFact(
        _("Price of the goods"),
        _("For a consumer loan, price of the goods that the loan pays for, in euros."),
        unit=Unit.EUROS,
    )
    name_type_suite = CategoryFact(_("Accompanied by"), _("Who came with the client to apply for the loan."))
    weekday_appr_process_start = CategoryFact(
        _("Day of the application"), _("Day of the week on which the client applied for the loan.")
    )
    hour_appr_process_start = IntegerFact(
        _("Hour of the application"),
        _("Hour of the day, rounded, at which the client applied for the loan (0 to 23)."),
        unit=Unit.HOUR,
    )

    class Meta:
        abstract = True


class PersonFacts(models.Model):
    """Who asks: income, work, household, home and ways to reach the client."""

    code_gender = CategoryFact(_("Sex"), _("Sex of the client."), barred=True)
    flag_own_car = CategoryFact(_("Owns a car"), _("Whether the client owns a car (Y or N)."))
    flag_own_realty = CategoryFact(_("Owns a home"), _("Whether the client owns a house or a flat (Y or N)."))
    cnt_children = IntegerFact(_("Children"), _("Number of children the client has."), unit=Unit.COUNT)
    amt_income_total = RealFact(_("Annual income"), _("Income of the client over a year, in euros."), unit=Unit.EUROS)
    name_income_type = CategoryFact(
        _("Source of income"), _("Where the client's income comes from: work, pension, business, parental leave…")
    )
    name_education_type = CategoryFact(_("Education"), _("Highest level of education the client completed."))
    name_family_status = CategoryFact(_("Family status"), _("Family status of the client."), barred=True)
    name_housing_type = CategoryFact(_("Housing"), _("How the client is housed: owner, tenant, living with parents…"))
    region_population_relative = RealFact(
        _("Population of the region"),
        _("Population of the region where the client lives, rescaled: the higher, the more populated."),
        unit=Unit.NORMALISED,
    )
    days_birth = IntegerFact(
        _("Age"), _("Date of birth, in days from the application (negative)."), unit=Unit.DAYS_TO_DATE
    )
    days_employed = IntegerFact(
        _("In current job since"),
        _("Start of the current job, in days from the application (negative); 365243 means no job."),
        unit=Unit.DAYS_TO_DATE,
    )
    days_registration = IntegerFact(
        _("Last change of registration"),
        _("When the client last changed the registered address, in days from the application (negative)."),
        unit=Unit.DAYS_TO_DATE,
    )
    days_id_publish = IntegerFact(
        _("Last change of identity document"),
        _("When the identity document shown was last changed, in days from the application (negative)."),
        unit=Unit.DAYS_TO_DATE,
    )
    own_car_age = IntegerFact(_("Age of the car"), _("Age of the client's car, in years."), unit=Unit.YEARS)
    flag_mobil = FlagFact(_("Mobile phone given"), _("Whether the client gave a mobile phone number."))
    flag_emp_phone = FlagFact(_("Work phone given"), _("Whether the client gave the phone number of the employer."))
    flag_work_phone = FlagFact(_("Second phone given"), _("Whether the client gave a second fixed phone number."))
    flag_cont_mobile = FlagFact(_("Mobile phone reachable"), _("Whether the mobile phone could be reached."))
    flag_phone = FlagFact(_("Home phone given"), _("Whether the client gave a home phone number."))
    flag_email = FlagFact(_("E-mail given"), _("Whether the client gave an e-mail address."))
    occupation_type = CategoryFact(_("Occupation"), _("Kind of occupation of the client."))
    cnt_fam_members = IntegerFact(
        _("Household members"), _("Number of people in the client's family household."), unit=Unit.COUNT
    )
    region_rating_client = IntegerFact(
        _("Rating of the region"), _("The lender's rating of the region where the client lives (1, 2 or 3).")
    )
    region_rating_client_w_city = IntegerFact(
        _("Rating of the region and city"),
        _("The lender's rating of the region where the client lives, its city taken into account (1, 2 or 3)."),
    )
    reg_region_not_live_region = FlagFact(
        _("Permanent and contact address in different regions"),
        _("1 when the permanent address and the contact address are in different regions, 0 otherwise."),
    )
    reg_region_not_work_region = FlagFact(
        _("Permanent and work address in different regions"),
        _("1 when the permanent address and the work address are in different regions, 0 otherwise."),
    )
    live_region_not_work_region = FlagFact(
        _("Contact and work address in different regions"),
        _("1 when the contact address and the work address are in different regions, 0 otherwise."),
    )
    reg_city_not_live_city = FlagFact(
        _("Permanent and contact address in different cities"),
        _("1 when the permanent address and the contact address are in different cities, 0 otherwise."),
    )
    reg_city_not_work_city = FlagFact(
        _("Permanent and work address in different cities"),
        _("1 when the permanent address and the work address are in different cities, 0 otherwise."),
    )
    live_city_not_work_city = FlagFact(
        _("Contact and work address in different cities"),
        _("1 when the contact address and the work address are in different cities, 0 otherwise."),
    )
    organization_type = CategoryFact(
        _("Employer's sector"), _("Kind of organisation the client works for; XNA when the client has no job.")
    )
    ext_source_1 = RealFact(
        _("External score 1"),
        _("Score from the first outside source, rescaled from 0 to 1: the higher, the safer."),
        unit=Unit.NORMALISED,
    )
    ext_source_2 = RealFact(
        _("External score 2"),
        _("Score from the second outside source, rescaled from 0 to 1: the higher, the safer."),
        unit=Unit.NORMALISED,
    )
    ext_source_3 = RealFact(
        _("External score 3"),
        _("Score from the third outside source, rescaled from 0 to 1: the higher, the safer."),
        unit=Unit.NORMALISED,
    )
    obs_30_cnt_social_circle = IntegerFact(
        _("Acquaintances watched at 30 days"),
        _("Number of the client's acquaintances whose payments could be seen 30 days past due."),
        unit=Unit.COUNT,
        barred=True,
    )
    def_30_cnt_social_circle = IntegerFact(
        _("Acquaintances in default at 30 days"),
        _("Number of the client's acquaintances in default 30 days past due."),
        unit=Unit.COUNT,
        barred=True,
    )
    obs_60_cnt_social_circle = IntegerFact(
        _("Acquaintances watched at 60 days"),
        _("Number of the client's acquaintances whose payments could be seen 60 days past due."),
        unit=Unit.COUNT,
        barred=True,
    )
    def_60_cnt_social_circle = IntegerFact(
        _("Acquaintances in default at 60 days"),
        _("Number of the client's acquaintances in default 60 days past due."),
        unit=Unit.COUNT,
        barred=True,
    )
    days_last_phone_change = IntegerFact(
        _("Last change of phone"),
        _("When the client last changed phone, in days from the application (negative)."),
        unit=Unit.DAYS_TO_DATE,
    )

    class Meta:
        abstract = True


class EnquiryAndDocumentFacts(models.Model):
    """Which documents came with the application, and how often the credit bureau was asked about the client."""

    flag_document_2 = FlagFact(_("Document 2"), _("Whether the client provided document 2."))
    flag_document_3 = FlagFact(_("Document 3"), _("Whether the client provided document 3."))
    flag_document_4 = FlagFact(_("Document 4"), _("Whether the client provided document 4."))
    flag_document_5 = FlagFact(_("Document 5"), _("Whether the client provided document 5."))
    flag_document_6 = FlagFact(_("Document 6"), _("Whether the client provided document 6."))
    flag_document_7 = FlagFact(_("Document 7"), _("Whether the client provided document 7."))
    flag_document_8 = FlagFact(_("Document 8"), _("Whether the client provided document 8."))
    flag_document_9 = FlagFact(_("Document 9"), _("Whether the client provided document 9."))
    flag_document_10 = FlagFact(_("Document 10"), _("Whether the client provided document 10."))
    flag_document_11 = FlagFact(_("Document 11"), _("Whether the client provided document 11."))
    flag_document_12 = FlagFact(_("Document 12"), _("Whether the client provided document 12."))
    flag_document_13 = FlagFact(_("Document 13"), _("Whether the client provided document 13."))
    flag_document_14 = FlagFact(_("Document 14"), _("Whether the client provided document 14."))
    flag_document_15 = FlagFact(_("Document 15"), _("Whether the client provided document 15."))
    flag_document_16 = FlagFact(_("Document 16"), _("Whether the client provided document 16."))
    flag_document_17 = FlagFact(_("Document 17"), _("Whether the client provided document 17."))
    flag_document_18 = FlagFact(_("Document 18"), _("Whether the client provided document 18."))
    flag_document_19 = FlagFact(_("Document 19"), _("Whether the client provided document 19."))
    flag_document_20 = FlagFact(_("Document 20"), _("Whether the client provided document 20."))
    flag_document_21 = FlagFact(_("Document 21"), _("Whether the client provided document 21."))
    amt_req_credit_bureau_hour = IntegerFact(
        _("Bureau enquiries in the last hour"),
        _("Number of enquiries to the credit bureau about the client in the hour before the application."),
        unit=Unit.COUNT,
    )
    amt_req_credit_bureau_day = IntegerFact(
        _("Bureau enquiries in the last day"),
        _("Number of enquiries to the credit bureau in the day before the application, its last hour left out."),
        unit=Unit.COUNT,
    )
    amt_req_credit_bureau_week = IntegerFact(
        _("Bureau enquiries in the last week"),
        _("Number of enquiries to the credit bureau in the week before the application, its last day left out."),
        unit=Unit.COUNT,
    )
    amt_req_credit_bureau_mon = IntegerFact(
        _("Bureau enquiries in the last month"),
        _("Number of enquiries to the credit bureau in the month before the application, its last week left out."),
        unit=Unit.COUNT,
    )
    amt_req_credit_bureau_qrt = IntegerFact(
        _("Bureau enquiries in the last quarter"),
        _("Number of enquiries to the credit bureau in the 3 months before the application, the last one left out."),
        unit=Unit.COUNT,
    )
    amt_req_credit_bureau_year = IntegerFact(
        _("Bureau enquiries in the last year"),
        _("Number of enquiries to the credit bureau in the year before the application, its last quarter left out."),
        unit=Unit.COUNT,
    )

    class Meta:
        abstract = True
