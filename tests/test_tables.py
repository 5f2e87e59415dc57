"""The credit tables: what the database holds of the published columns, and how the admin shows it."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest
from django.db import IntegrityError, connection, models
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from applications.categories import LABELS, category_label
from applications.models import (
    Agency,
    Application,
    BureauCredit,
    BureauMonth,
    Client,
    CreditCardMonth,
    Instalment,
    PosCashMonth,
    PreviousApplication,
    Role,
    Stage,
)
from applications.models.facts import (
    CATEGORY_LENGTH,
    AnyFact,
    CategoryFact,
    FlagFact,
    IntegerFact,
    KeyFact,
    ParentFact,
    RealFact,
    Unit,
    published_fields,
    shown_fields,
)
from modelling.features.schema import TABLES, Column, Kind, TableSpec
from tests.factories import ApplicationFactory, ClientFactory, UserFactory

TABLE_MODELS: tuple[type[models.Model], ...] = (
    Application,
    BureauCredit,
    BureauMonth,
    PreviousApplication,
    PosCashMonth,
    Instalment,
    CreditCardMonth,
)
FIELD_KINDS: dict[type[AnyFact], Kind] = {
    KeyFact: Kind.KEY,
    ParentFact: Kind.KEY,
    IntegerFact: Kind.INTEGER,
    RealFact: Kind.REAL,
    FlagFact: Kind.FLAG,
    CategoryFact: Kind.CATEGORY,
}
ALL_FACTS = [pytest.param(fact, id=str(fact)) for model in TABLE_MODELS for fact in published_fields(model)]
each_table = pytest.mark.parametrize("model", TABLE_MODELS, ids=lambda model: model.__name__)
each_history_table = pytest.mark.parametrize("model", TABLE_MODELS[1:], ids=lambda model: model.__name__)
each_fact = pytest.mark.parametrize("fact", ALL_FACTS)


def spec_of(model: type[models.Model]) -> TableSpec:
    return TABLES[model._meta.db_table]


def test_each_published_table_has_its_model() -> None:
    assert {model._meta.db_table for model in TABLE_MODELS} == set(TABLES)


@each_table
def test_a_table_holds_each_published_column_once_and_as_its_kind(model: type[models.Model]) -> None:
    held = [Column(str(fact.column), FIELD_KINDS[type(fact)]) for fact in published_fields(model)]

    assert sorted(held, key=lambda column: column.name) == sorted(
        spec_of(model).columns, key=lambda column: column.name
    )


@each_table
def test_a_fact_keeps_its_published_name(model: type[models.Model]) -> None:
    assert {fact.source_column for fact in published_fields(model)} == {c.source for c in spec_of(model).columns}


@each_table
def test_what_names_a_published_row_once_is_unique_in_the_database(model: type[models.Model]) -> None:
    key = model._meta.pk
    keys = [(key.name,)] if isinstance(key, KeyFact) else []

    columns = [tuple(_column(model, name) for name in names) for names in [*keys, *_unique_fields(model)]]

    assert columns == [names for names in [spec_of(model).unique] if names]


@each_table
def test_a_row_hangs_on_the_published_parent(model: type[models.Model]) -> None:
    parents = [fact.column for fact in published_fields(model) if isinstance(fact, ParentFact)]

    assert parents == [key for key in [spec_of(model).parent_key] if key]


@each_table
def test_rows_of_a_parent_are_found_through_an_index(model: type[models.Model]) -> None:
    first_of_unique = {names[0] for names in _unique_fields(model)}

    for parent in (fact for fact in published_fields(model) if isinstance(fact, ParentFact)):
        _name, _path, _arguments, options = parent.deconstruct()

        assert options.get("db_index", True) != (parent.name in first_of_unique)


@each_fact
def test_a_fact_has_a_label_and_a_sentence(fact: AnyFact) -> None:
    with override("en"):
        label, sentence = str(fact.verbose_name), str(fact.help_text)

    assert label != fact.name.replace("_", " ")
    assert len(label) <= 60
    assert sentence.endswith((".", "…"))


@each_fact
def test_a_migration_holds_the_plain_field_and_no_words(fact: AnyFact) -> None:
    _name, path, _arguments, options = fact.deconstruct()

    assert path.startswith("django.db.models.")
    assert not {"help_text", "verbose_name", "choices", "unit", "barred"} & set(options)


@pytest.mark.parametrize("fact", [fact for fact in ALL_FACTS if fact.values[0].name.startswith(("amt_", "days_"))])  # type: ignore[union-attr]
def test_amounts_are_in_euros_and_days_count_from_the_application(fact: AnyFact) -> None:
    # The publisher calls the number of enquiries an amount.
    expected = Unit.COUNT if "amt_req" in fact.name else Unit.EUROS if "amt" in fact.name else Unit.DAYS_TO_DATE

    assert fact.unit == expected


def test_barred_are_sex_family_status_and_the_social_circle_alone() -> None:
    barred = {fact.source_column for model in TABLE_MODELS for fact in published_fields(model) if fact.barred}

    assert barred == {
        "CODE_GENDER",
        "NAME_FAMILY_STATUS",
        "OBS_30_CNT_SOCIAL_CIRCLE",
        "DEF_30_CNT_SOCIAL_CIRCLE",
        "OBS_60_CNT_SOCIAL_CIRCLE",
        "DEF_60_CNT_SOCIAL_CIRCLE",
    }


def test_shown_fields_are_all_but_the_barred_ones() -> None:
    assert len(published_fields(Application)) == 122
    assert len(shown_fields(Application)) == 116
    assert not any(fact.barred for fact in shown_fields(Application))


def test_each_category_label_belongs_to_a_shown_category_and_its_value_fits() -> None:
    categories = {
        fact.column for model in TABLE_MODELS for fact in shown_fields(model) if isinstance(fact, CategoryFact)
    }

    assert set(LABELS) == categories
    assert max(len(value) for values in LABELS.values() for value in values) <= CATEGORY_LENGTH


@pytest.mark.parametrize(
    ("column", "value", "english"),
    [
        ("NAME_CONTRACT_TYPE", "Cash loans", "Personal loan"),
        ("name_contract_type", "Cash loans", "Personal loan"),
        ("organization_type", "XNA", "No employer"),
        ("name_goods_category", "XNA", "Not given"),
        ("name_cash_loan_purpose", "XAP", "Not applicable"),
        ("organization_type", "Space travel", "Space travel"),
        ("no_such_column", "Cash loans", "Cash loans"),
    ],
)
def test_a_category_is_told_in_words_and_an_unknown_one_as_it_came(column: str, value: str, english: str) -> None:
    with override("en"):
        assert category_label(column, value) == english


@pytest.mark.real_rows
@pytest.mark.skipif("HOME_CREDIT_DIR" not in os.environ, reason="HOME_CREDIT_DIR names no folder of real tables")
@each_table
def test_every_real_category_has_a_word(model: type[models.Model]) -> None:
    shown = {fact.source_column for fact in shown_fields(model) if isinstance(fact, CategoryFact)}

    for path in (Path(os.environ["HOME_CREDIT_DIR"]) / f"{name}.csv.gz" for name in spec_of(model).files):
        rows = pl.read_csv(path, columns=sorted(shown), infer_schema=False)
        for column in rows.columns:
            values = rows[column].drop_nulls().unique()
            known = LABELS[column.lower()].keys() | {"XNA", "XAP"}

            assert set(values) <= known, column


@pytest.mark.django_db
def test_a_real_value_comes_back_to_the_last_bit() -> None:
    value = 0.1 + 0.2
    application = ApplicationFactory.create(ext_source_1=value)

    application.refresh_from_db()

    assert application.ext_source_1 == value


@pytest.mark.django_db
def test_a_row_written_in_sql_alone_begins_to_be_assessed_at_version_1(agency: Agency) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO client (id) VALUES (7)")
        cursor.execute(
            "INSERT INTO application (sk_id_curr, client_id, agency_id, received_on) VALUES (7, 7, %s, '2026-11-21')",
            [agency.pk],
        )

    application = Application.objects.get(pk=7)

    assert (application.version, application.stage, application.is_demo) == (1, Stage.TO_ASSESS, False)
    assert application.client.created_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [{"stage": "lost"}, {"version": 0}])
def test_an_unknown_stage_and_a_version_below_1_are_refused(fault: dict[str, str | int]) -> None:
    application = ApplicationFactory.create()

    with pytest.raises(IntegrityError, match=r"application_(stage_is_known|version_from_1)"):
        Application.objects.filter(pk=application.pk).update(**fault)


@pytest.mark.django_db
def test_a_bureau_credit_has_one_row_a_month() -> None:
    credit = BureauCredit.objects.create(sk_id_bureau=1, client=ClientFactory.create())
    BureauMonth.objects.create(credit=credit, months_balance=-1, status="0")

    with pytest.raises(IntegrityError, match="bureau_balance_one_row_a_month"):
        BureauMonth.objects.create(credit=credit, months_balance=-1, status="C")


@pytest.mark.django_db
def test_a_client_with_an_application_cannot_be_deleted() -> None:
    application = ApplicationFactory.create()

    with pytest.raises(models.ProtectedError):
        application.client.delete()


@pytest.fixture
def admin_browser(client: Browser) -> Browser:
    client.force_login(UserFactory.create(role=Role.ADMIN, is_staff=True, is_superuser=True))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Client, *TABLE_MODELS], ids=lambda model: model.__name__)
def test_the_admin_lists_each_table_and_finds_a_number(admin_browser: Browser, model: type[models.Model]) -> None:
    address = f"/admin/applications/{model._meta.model_name}/"

    assert admin_browser.get(address).status_code == 200
    assert admin_browser.get(address, {"q": "100002"}).status_code == 200
    assert admin_browser.get(address, {"q": "no number"}).status_code == 200
    assert admin_browser.get(address, {"q": "9" * 30}).status_code == 200


@pytest.mark.django_db
def test_the_admin_does_not_count_a_whole_table(admin_browser: Browser) -> None:
    credit = BureauCredit.objects.create(sk_id_bureau=1, client=ClientFactory.create())
    BureauMonth.objects.bulk_create(BureauMonth(credit=credit, months_balance=-month) for month in range(3))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bureau_balance")

    with CaptureQueriesContext(connection) as queries:
        page = admin_browser.get("/admin/applications/bureaumonth/")

    assert page.context["cl"].result_count == 3
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"]]


@pytest.mark.django_db
def test_the_admin_reads_a_list_of_applications_in_as_many_queries_however_long_it_is(admin_browser: Browser) -> None:
    address = "/admin/applications/application/"
    ApplicationFactory.create()
    admin_browser.get(address)
    with CaptureQueriesContext(connection) as one:
        admin_browser.get(address)

    ApplicationFactory.create_batch(5)
    with CaptureQueriesContext(connection) as many:
        admin_browser.get(address)

    assert len(many) == len(one)


@pytest.mark.django_db
def test_the_admin_finds_an_application_by_its_number_alone(admin_browser: Browser) -> None:
    wanted, other = ApplicationFactory.create_batch(2)

    page = admin_browser.get("/admin/applications/application/", {"q": str(wanted.pk)})

    assert list(page.context["cl"].queryset) == [wanted]
    assert other.pk != wanted.pk


@pytest.mark.django_db
def test_the_admin_lets_facts_be_corrected_but_not_the_stage_and_hides_the_barred_ones(admin_browser: Browser) -> None:
    application = ApplicationFactory.create(code_gender="F", name_family_status="Widow")

    page = admin_browser.get(f"/admin/applications/application/{application.pk}/change/").content.decode()

    assert 'name="amt_credit"' in page
    assert "field-stage" in page
    assert 'name="stage"' not in page
    assert not [fact.name for fact in published_fields(Application) if fact.barred and fact.name in page]


@pytest.mark.django_db
@each_history_table
def test_the_admin_adds_nothing_to_the_credit_history(admin_browser: Browser, model: type[models.Model]) -> None:
    address = f"/admin/applications/{model._meta.model_name}"

    assert admin_browser.get(f"{address}/add/").status_code == 403


def _unique_fields(model: type[models.Model]) -> list[tuple[str, ...]]:
    return [tuple(found.fields) for found in model._meta.constraints if isinstance(found, models.UniqueConstraint)]


def _column(model: type[models.Model], name: str) -> str:
    return next(str(fact.column) for fact in published_fields(model) if fact.name == name)
