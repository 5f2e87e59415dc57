"""A day at the desk: find, read, compare, try and decide, with the mouse and without; look at another strategy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from applications.models import Application, Assessment, Decision, Policy, Role, Stage, Strategy, User
from modelling.models import ModelVersion
from tests.browser.conftest import Visit
from tests.crowd import crowd_of, laid_out
from tests.factories import PASSWORD, AgencyFactory, PolicyFactory, UserFactory

Start = Callable[..., Visit]
LogIn = Callable[[Visit], None]


@pytest.fixture
def to_decide(
    transactional_db: None, empty_state: None, advisor: User, champion: ModelVersion, policy: Policy
) -> Application:
    """Give one of two dozen assessed applications; the machine would not simply grant it, and it waits for a person."""
    assert advisor.agency is not None
    policy.accept_below, policy.refuse_from = 0.001, 0.999
    policy.save()
    ours = crowd_of(advisor.agency, AgencyFactory.create())
    laid_out()
    first = ours[0]
    assert first.stage == Stage.TO_DECIDE
    return first


def walk_to(page: Page, words: str, *, most: int = 80) -> None:
    """Press Tab until what has the focus says these words; fail when it is lost on the way, or cannot be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        assert focus["tag"] != "BODY", f"the focus is lost before {words!r}"
        assert focus["shown"], f"the focus is not seen on {focus}"
        if words in focus["words"]:
            return
    raise AssertionError(f"{words!r} is not reached within {most} steps")


_FOCUS = """(() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const label = element.labels?.[0]?.textContent ?? "";
  const words = `${label} ${element.textContent} ${element.value ?? ""} ${element.getAttribute("aria-label") ?? ""}`;
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { tag: element.tagName, words: words.replace(/\\s+/g, " "), shown };
})()"""


def test_an_advisor_finds_reads_compares_tries_and_decides(visit: Start, log_in: LogIn, to_decide: Application) -> None:
    window = visit()
    page = window.page
    log_in(window)

    page.get_by_role("search").get_by_label("État").select_option("to_decide")
    page.get_by_role("button", name="Afficher", exact=True).click()
    page.get_by_text("Mes vues", exact=True).click()
    page.get_by_label("Garder ces filtres sous le nom").fill("À décider")
    page.get_by_role("button", name="Garder la vue").click()
    page.get_by_role("link", name="À décider", exact=True).click()
    page.get_by_role("searchbox", name="Trouver une demande").fill(str(to_decide.pk))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ce qui augmente le risque")).to_be_visible()
    expect(page.locator(".reasons li").first).to_be_visible()

    leaves = page.get_by_role("navigation", name="Pages de cette demande")
    leaves.get_by_role("link", name="Comparer").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("canvas").first).to_be_visible()
    assert window.axe_violations() == []

    leaves.get_by_role("link", name="Et si").click()
    page.get_by_label("Montant du crédit").fill("90000")
    page.get_by_label("Montant du crédit").blur()
    expect(page.locator("#trial")).to_contain_text("point")
    assert window.axe_violations() == []

    leaves.get_by_role("link", name="Dossier et avis").click()
    page.get_by_label("Accorder").check()
    page.get_by_label("Motif").fill("Revenus stables, crédit voisin remboursé")
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_role("status")).to_contain_text("Votre décision est enregistrée")
    assert window.axe_violations() == []
    assert Decision.objects.get().application_id == to_decide.pk
    assert window.complaints == []


def test_everything_from_finding_to_deciding_is_done_by_keyboard_alone(
    visit: Start, log_in: LogIn, to_decide: Application
) -> None:
    window = visit()
    page = window.page
    log_in(window)

    page.keyboard.press("/")
    page.keyboard.type(str(to_decide.pk))
    press(page, "Enter", shows=page.get_by_role("heading", name="Pourquoi cet avis"))
    try_a_smaller_loan(page)
    decide(page)

    assert Decision.objects.get().reason == "Revenus stables"
    assert window.axe_violations() == []
    assert window.complaints == []


def press(page: Page, key: str, *, shows: Locator) -> None:
    """Press a key and wait for what it leads to."""
    page.keyboard.press(key)
    expect(shows).to_be_visible()
    page.wait_for_load_state()


def try_a_smaller_loan(page: Page) -> None:
    """Go to what-if, change the amount, and keep the trial as a note; the focus stays where it was put."""
    walk_to(page, "Et si")
    press(page, "Enter", shows=page.get_by_role("heading", name="Éléments à essayer"))
    walk_to(page, "Montant du crédit")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("90000")
    with page.expect_response("**/what-if"):
        walk_to(page, "Mensualité")
    expect(page.locator("#trial")).to_contain_text("point")
    expect(page.get_by_label("Mensualité")).to_be_focused()
    walk_to(page, "Note (facultative)")
    page.keyboard.type("moins cher")
    walk_to(page, "Garder cet essai en note")
    press(page, "Enter", shows=page.get_by_text("moins cher"))


def decide(page: Page) -> None:
    """Go back to the application and grant it."""
    walk_to(page, "Dossier et avis")
    press(page, "Enter", shows=page.get_by_role("heading", name="Pourquoi cet avis"))
    walk_to(page, "Accorder")
    page.keyboard.press("Space")
    walk_to(page, "Motif")
    page.keyboard.type("Revenus stables")
    walk_to(page, "Enregistrer la décision")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Votre décision est enregistrée")


def test_an_analyst_looks_at_another_strategy_and_the_record_stays(
    visit: Start, to_decide: Application, policy: Policy
) -> None:
    prudent = {"accept_below": 0.0001, "refuse_from": 0.0002, "medium_from": 0.0001, "high_from": 0.0002}
    PolicyFactory.create(strategy=Strategy.PRUDENT, is_active=False, **prudent)
    analyst = UserFactory.create(role=Role.ANALYST, agency=None)
    window = visit()
    page = window.page
    window.open("/login")
    page.get_by_label("Nom d'utilisateur").fill(analyst.username)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(lambda address: "/login" not in address, wait_until="load")
    before = list(Assessment.objects.values_list("pk", "policy", "recommendation"))

    window.open(f"/applications/{to_decide.pk}")
    page.get_by_role("link", name="Prudente").click()

    expect(page.get_by_role("status")).to_contain_text("Rien n'est modifié")
    expect(page.locator(".advice .pill").first).to_have_text("Refus")
    assert window.axe_violations() == []
    page.get_by_role("link", name="Revenir à l'avis enregistré").click()
    expect(page.locator(".advice .pill").first).to_have_text("À étudier")
    assert list(Assessment.objects.values_list("pk", "policy", "recommendation")) == before
    expect(page.get_by_role("button", name="Enregistrer la décision")).to_have_count(0)
    assert window.axe_violations() == []
    assert window.complaints == []
