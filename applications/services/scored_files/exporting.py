"""Results as a file that French Excel opens by a double click: `;`, decimal comma, UTF-8 with a byte order mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from applications.models import RiskLevel, ScoredFile
from applications.services.intake import NEEDED
from applications.services.scored_files.reading import NUMBER
from applications.templatetags.scoring_words import ADVICE

BYTE_ORDER_MARK = "\ufeff"
# A cell that begins so is run as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_USUAL = ("name_income_type", "days_employed", "occupation_type", "name_education_type", "name_housing_type")
_SCORES = ("ext_source_1", "ext_source_2", "ext_source_3")


def results_as_csv(file: ScoredFile, results: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> bytes:
    """Return results as CSV, one line an applicant. labels: what each feature that is a reason is called."""
    head = [
        _("Line"), _("Number"), _("Probability of default"), _("Advice"), _("Risk level"),
        _("Raises the risk"), _("Lowers the risk"), _("Model version"), _("Policy"),
    ]  # fmt: skip
    made_with = [str(file.model_version.number if file.model_version else ""), str(file.policy or "")]
    return _as_csv([head, *([*_row(result, labels), *made_with] for result in results)])


def model_file() -> bytes:
    """Return an empty file with the columns that are required, then the usual ones."""
    return _as_csv([[name.upper() for name in (NUMBER, *NEEDED, *_USUAL, *_SCORES)]])


def neutral(cell: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(result: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    return [
        str(result["line"]),
        "" if result["number"] is None else str(result["number"]),
        f"{result['probability']:.6f}".replace(".", ","),
        str(ADVICE[result["recommendation"]]),
        str(RiskLevel(result["risk_level"]).label),
        " | ".join(labels.get(name, name) for name in result["raising"]),
        " | ".join(labels.get(name, name) for name in result["lowering"]),
    ]


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return f"{BYTE_ORDER_MARK}{stream.getvalue()}".encode()
