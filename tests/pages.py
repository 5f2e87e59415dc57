"""What the tests of pages share: an assessed application, a logged-in client, and the text of an answer."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client as Browser

from applications.models import Application, Assessment, User
from applications.services.assessment import answer_requests, request_assessments
from tests.factories import ApplicationFactory


def browser_of(person: User) -> Browser:
    """Give a test client in which this person is logged in."""
    browser = Browser()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def assessed(**facts: Any) -> Application:
    """Create an application and assess it; needs a champion and a policy in force."""
    application = ApplicationFactory.create(**facts)
    request_assessments([application.pk])
    answer_requests([application.pk])
    application.refresh_from_db()
    return application


def advice_on(application: Application) -> Assessment:
    """Give the current assessment of an application that has one."""
    assert application.current_assessment is not None
    return application.current_assessment


def text_of(response: Any) -> str:
    """Return the words of a page as a person reads them, spaces made plain."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    words = html.unescape(re.sub(r"<[^>]+>", " ", page))
    return re.sub(r"\s+", " ", words)
