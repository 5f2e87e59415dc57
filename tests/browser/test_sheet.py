"""The application on paper, at twice the size, and for who wants no motion."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from applications.models import Application
from tests.browser.conftest import Visit

Start = Callable[..., Visit]
LogIn = Callable[[Visit], None]


def test_the_sheet_of_an_application_is_one_page_of_paper(
    visit: Start, log_in: LogIn, application: Application
) -> None:
    window = visit()
    log_in(window)

    window.open(f"/applications/{application.pk}")
    printed = window.page.pdf(prefer_css_page_size=True, print_background=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.parametrize(
    "path", ["/applications/", "/applications/{number}", "/applications/{number}/what-if", "/applications/new"]
)
def test_at_twice_the_size_nothing_scrolls_sideways(
    visit: Start, log_in: LogIn, application: Application, path: str
) -> None:
    window = visit(width=640)  # a window of 1280 pixels, every pixel two wide
    log_in(window)

    window.open(path.format(number=application.pk))

    assert not window.scrolls_sideways()


def test_who_wants_no_motion_sees_none(visit: Start, log_in: LogIn, application: Application) -> None:
    window = visit()
    window.page.emulate_media(reduced_motion="reduce")
    log_in(window)

    window.open(f"/applications/{application.pk}")

    moving = "[...document.querySelectorAll('*')].filter(each => each.getAnimations().length).length"
    lasting = "getComputedStyle(document.querySelector('main a')).transitionDuration"
    assert window.page.evaluate(moving) == 0
    assert window.page.evaluate(lasting) == "0s"
