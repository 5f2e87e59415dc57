"""For whoever sees no colours: what colour says is said by lightness, a sign or a word too."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import expect

from applications.models import Application, AssessmentRequest, Failure, RequestState
from applications.services.assessment import request_assessments
from tests.browser.conftest import Visit
from tests.factories import ApplicationFactory

Start = Callable[..., Visit]
LogIn = Callable[[Visit], None]

# What a colour of the page is to an eye without colours: its luminance (WCAG 2.2, relative luminance).
_LUMINANCE = """([selector, property]) => {
  const [red, green, blue] = getComputedStyle(document.querySelector(selector))[property].match(/[\\d.]+/g).map(Number);
  const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}"""


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def greyed(visit: Start, log_in: LogIn, request: pytest.FixtureRequest) -> Visit:
    """Give a window of somebody logged in who sees no colours, by day and by night."""
    window = visit(dark=request.param)
    log_in(window)
    without_colours(window)
    return window


def without_colours(window: Visit) -> None:
    """Let the browser show the page as somebody who sees no colours sees it."""
    session = window.page.context.new_cdp_session(window.page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})


def test_without_colours_the_bars_keep_their_side_their_sign_and_their_contrast(
    greyed: Visit, application: Application
) -> None:
    greyed.open(f"/applications/{application.pk}?factors=30")
    page = greyed.page

    card = page.evaluate(_LUMINANCE, [".card", "backgroundColor"])
    for direction, sign, is_on_its_side in (("up", "+", "x >= 0"), ("down", "−", "x + width <= 0.01")):
        fill = page.evaluate(_LUMINANCE, [f".axis .{direction}", "fill"])
        assert contrast(fill, card) >= 3, direction
        rows = page.locator(f".bars tbody tr:has(.axis .{direction})")
        assert rows.count() > 0
        signs = rows.locator("td.num").all_inner_texts()
        assert all(text.startswith(sign) or text in {"0,00", "−0,00"} for text in signs), signs
        places = f"""[...document.querySelectorAll(".axis .{direction}")].every((bar) => {{
          const x = bar.x.baseVal.value, width = bar.width.baseVal.value;
          return {is_on_its_side};
        }})"""
        assert page.evaluate(places), direction
    assert greyed.complaints == []


def test_without_colours_the_scale_has_words_and_thresholds_and_the_clients_mark_stands_out(
    greyed: Visit, application: Application
) -> None:
    greyed.open(f"/applications/{application.pk}")
    page = greyed.page

    bands = page.locator(".scale rect").count()
    words = page.locator(".scale .band").all_text_contents()
    assert words == [word for word in ("accord", "à étudier", "refus") if word in words]
    assert words
    assert page.locator(".scale .tick").count() >= bands - 1
    mark = page.evaluate(_LUMINANCE, [".scale .client-head", "fill"])
    assert contrast(mark, page.evaluate(_LUMINANCE, [".card", "backgroundColor"])) >= 4.5
    assert greyed.complaints == []


def test_without_colours_every_status_of_the_list_is_a_word_of_its_own(
    visit: Start, log_in: LogIn, application: Application
) -> None:
    waiting, running, failed = ApplicationFactory.create_batch(3, agency=application.agency)
    ApplicationFactory.create(agency=application.agency)
    request_assessments([waiting.pk, running.pk, failed.pk])
    AssessmentRequest.objects.filter(pk=running.pk).update(state=RequestState.RUNNING)
    AssessmentRequest.objects.filter(pk=failed.pk).update(state=RequestState.FAILED, failure=Failure.GAVE_UP)
    window = visit()
    log_in(window)
    without_colours(window)
    window.page.reload()

    words = window.page.locator("td.c-advice").all_inner_texts()

    assert len(words) == 5
    assert all(one.strip() and one != other for one, other in combinations(words, 2)), words
    assert window.axe_violations() == []
    assert window.complaints == []


def test_in_forced_colours_the_bars_and_the_scale_are_still_drawn(
    visit: Start, log_in: LogIn, application: Application
) -> None:
    window = visit()
    window.page.emulate_media(forced_colors="active")
    log_in(window)

    window.open(f"/applications/{application.pk}")

    canvas = window.page.evaluate(_LUMINANCE, ["body", "backgroundColor"])
    for selector in (".axis rect", ".scale rect"):
        assert contrast(window.page.evaluate(_LUMINANCE, [selector, "fill"]), canvas) >= 3, selector
    expect(window.page.locator(".advice .pill").first).to_be_visible()
    assert window.complaints == []
