from __future__ import annotations

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from applications.charts.timeline import MOST_YEARS_BACK, WIDTH, Timeline, timeline
from applications.models import Agency, Application, BureauMonth, Instalment
from applications.selectors.credit_timeline import MOST_CREDITS, NO_DATE, Credit, CreditTimeline, Payment
from tests.factories import AgencyFactory, ApplicationFactory, BureauCreditFactory, PreviousApplicationFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def credit(start_day: int, end_day: int | None = None, *payments: Payment, is_running: bool = False) -> Credit:
    return Credit(
        kind=("credit_type", "Consumer credit"),
        state=("credit_active", "Active" if is_running else "Closed"),
        is_running=is_running,
        was_granted=True,
        amount=1000.0,
        start_day=start_day,
        end_day=end_day,
        payments=payments,
    )


def drawn(*elsewhere: Credit) -> Timeline:
    return timeline(CreditTimeline(elsewhere, (), more_elsewhere=False, more_here=False))


def test_the_axis_holds_every_credit_in_whole_years() -> None:
    axis = drawn(credit(-1_000, -200), credit(-400, 500, is_running=True)).axis

    assert (axis.first, axis.last) == (-3, 2)
    assert axis.today == pytest.approx(WIDTH * 3 / 5, abs=0.1)
    assert axis.years[3] == "0"


def test_an_old_credit_is_cut_at_the_edge_and_never_leaves_the_drawing() -> None:
    figure = drawn(credit(-20_000, -19_000), credit(-10, 40_000, is_running=True))

    assert figure.axis.first == -MOST_YEARS_BACK
    for row in figure.elsewhere:
        assert row.strip.bar is not None
        assert row.strip.bar.x >= 0
        assert row.strip.bar.x + row.strip.bar.width <= WIDTH
        assert row.strip.bar.width > 0


def test_late_months_that_follow_one_another_are_one_stretch_and_early_ones_never_hide_them() -> None:
    days = (-330.0, -300.0, -270.0, -90.0)
    payments = [Payment(day, 5) for day in days] + [Payment(-85.0, -3), Payment(-180.0, -3), Payment(-150.0, 0)]

    [row] = drawn(credit(-400, -10, *payments)).elsewhere

    assert len(row.strip.late) == 2
    assert len(row.strip.early) == 1
    assert row.strip.late[0].width == pytest.approx(3 * row.strip.late[1].width, abs=1)


@pytest.fixture
def application(agency: Agency) -> Application:
    return ApplicationFactory.create(agency=agency)


def address(application: Application) -> str:
    return f"/applications/{application.pk}/credits"


def pay(application: Application, loan: int, number: int, due: int, paid: int) -> None:
    Instalment.objects.create(
        client=application.client,
        sk_id_prev=loan,
        num_instalment_version=1,
        num_instalment_number=number,
        days_instalment=due,
        days_entry_payment=paid,
    )


def test_loans_elsewhere_and_with_us_are_told_with_payments_late_and_early(
    browser: Browser, application: Application
) -> None:
    elsewhere = BureauCreditFactory.create(client=application.client, days_credit=-800, days_credit_enddate=400)
    for month, status in ((-1, "0"), (-2, "1"), (-3, "2"), (-4, "C")):
        BureauMonth.objects.create(credit=elsewhere, months_balance=month, status=status)
    here = PreviousApplicationFactory.create(
        client=application.client, days_decision=-730, days_termination=-300, days_last_due=-310
    )
    for number, (due, paid) in enumerate(((-700, -705), (-670, -670), (-640, -630), (-640, -622)), start=1):
        pay(application, here.sk_id_prev, min(number, 3), due, paid)  # the third one is paid in two parts
    PreviousApplicationFactory.create(
        client=application.client, name_contract_status="Refused", days_decision=-100, days_termination=NO_DATE
    )

    page = text_of(browser.get(address(application)))

    assert "Crédit à la consommation" in page
    assert "2 mois en retard, de 31 jours ou plus au pire" in page
    assert "1 en retard sur 3 (18 jours au plus), 1 en avance" in page
    assert "dans 1 an" in page
    assert "il y a 2 ans" in page
    assert "365" not in page


def test_a_refused_loan_is_a_mark_and_no_bar(browser: Browser, application: Application) -> None:
    PreviousApplicationFactory.create(client=application.client, name_contract_status="Refused")

    [row] = browser.get(address(application)).context["timeline"].here

    assert row.strip.bar is None
    assert row.ended == ""


def test_without_any_credit_the_page_says_so(browser: Browser, application: Application) -> None:
    assert "Aucun crédit connu" in text_of(browser.get(address(application)))


def test_a_long_history_takes_no_more_queries_and_rows_than_the_limit(
    browser: Browser, application: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def add(count: int) -> None:
        for _ in range(count):
            BureauCreditFactory.create(client=application.client)
            loan = PreviousApplicationFactory.create(client=application.client)
            pay(application, loan.sk_id_prev, 1, -300, -310)

    add(1)
    browser.get(address(application))
    # session, person, agency; the application, its agency and its request; four of the credits
    with django_assert_num_queries(8):
        browser.get(address(application))
    add(MOST_CREDITS + 3)

    with django_assert_num_queries(8):
        response = browser.get(address(application))

    assert len(response.context["timeline"].elsewhere) == len(response.context["timeline"].here) == MOST_CREDITS
    assert "les plus récents" in text_of(response)


def test_the_credits_of_a_foreign_application_do_not_exist(browser: Browser) -> None:
    foreign = ApplicationFactory.create(agency=AgencyFactory.create())

    assert browser.get(address(foreign)).status_code == 404
