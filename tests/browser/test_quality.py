"""The data quality reports as an auditor's browser shows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications.models import Role
from modelling.models import ModelVersion, QualityReport
from tests.browser.conftest import Visit
from tests.factories import PASSWORD, UserFactory
from tests.test_pages_quality import FINDINGS


@pytest.mark.parametrize(("dark", "width"), [(False, 1360), (True, 1000), (True, 390)])
def test_the_reports_are_accessible_and_never_scroll_sideways(
    transactional_db: None, champion: ModelVersion, visit: Callable[..., Visit], dark: bool, width: int
) -> None:
    auditor = UserFactory.create(role=Role.AUDITOR, agency=None)
    findings = [finding.to_json() for finding in FINDINGS]
    report = QualityReport.objects.create(
        occasion="import",
        subject="tables.zip",
        verdict="blocked",
        compared_with=champion,
        findings=findings,
        rows={"application": 90_651},
    )
    window = visit(dark=dark, width=width)
    window.open("/login")
    window.page.get_by_label("Nom d'utilisateur").fill(auditor.username)
    window.page.get_by_label("Mot de passe").fill(PASSWORD)
    window.page.get_by_role("main").get_by_role("button").click()
    window.page.wait_for_url(lambda address: "/login" not in address)

    for path in ("/quality/", f"/quality/{report.pk}"):
        window.open(path)
        assert window.axe_violations() == [], path
        assert not window.scrolls_sideways(), path
    assert window.complaints == []
