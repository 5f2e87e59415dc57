"""The words of the product: all of them in French, and the tools that see to it."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils.translation import override

from applications import words
from applications.categories import LABELS, NO_VALUE_LABELS
from applications.models.facts import AnyFact
from tests.test_tables import each_fact

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
PLAIN, COUNTED, ADVICE = _("Loan"), ngettext("%(n)s day", "%(n)s days", 2), pgettext("advice", "Grant")
"""
TEMPLATE = """{% load i18n %}
  {% if shown %}
{% translate "Decision" %}
    {% blocktranslate trimmed count n=n %}
      {{ n }} file
    {% plural %}
      {{ n }} files
    {% endblocktranslate %}
{% endif %}{{ _("Reason") }}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a small product: one module, one template."""
    for folder in ("applications", "modelling", "scoring_site", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "applications" / "office.py").write_text(PYTHON)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def translate(root: Path, msgid: str, *french: str) -> None:
    """Write the French of one word into the small product's catalogue."""
    path = words.catalogue_path("applications", root)
    begin, end = path.read_text().split(f'msgid "{msgid}"\n', maxsplit=1)
    lines = end.split("\n")
    if len(french) == 1:
        lines[0] = f'msgstr "{french[0]}"'
    else:
        lines[1:3] = [f'msgstr[{number}] "{form}"' for number, form in enumerate(french)]
    path.write_text(begin + f'msgid "{msgid}"\n' + "\n".join(lines))


def translate_all(root: Path) -> None:
    for msgid, french in {"Loan": "Prêt", "Grant": "Accorder", "Decision": "Décision", "Reason": "Motif"}.items():
        translate(root, msgid, french)
    translate(root, "%(n)s day", "%(n)s jour", "%(n)s jours")
    translate(root, "%(n)s file", "un dossier", "%(n)s dossiers")


@pytest.mark.parametrize("owner", words.FOLDERS)
def test_every_word_of_the_product_has_its_french(owner: str) -> None:
    assert words.faults(owner) == []


@pytest.fixture(scope="module")
def french() -> Catalog:
    return words.read_catalogue(words.catalogue_path("applications"))


@each_fact
def test_every_published_column_is_told_in_french(fact: AnyFact, french: Catalog) -> None:
    assert french[_msgid(fact.verbose_name)].string
    assert french[_msgid(fact.help_text)].string


def test_every_category_is_told_in_french(french: Catalog) -> None:
    labels = [label for values in (*LABELS.values(), NO_VALUE_LABELS) for label in values.values()]

    assert [label for label in labels if not french[_msgid(label)].string] == []


def test_words_are_found_in_modules_and_in_templates(root: Path) -> None:
    found = words.source_words("applications", root)

    assert {(word.id, word.context) for word in found if word.id} == {
        ("Loan", None),
        (("%(n)s day", "%(n)s days"), None),
        ("Grant", "advice"),
        ("Decision", None),
        (("%(n)s file", "%(n)s files"), None),
        ("Reason", None),
    }


def test_extracting_keeps_what_is_translated_adds_the_new_and_drops_the_gone(root: Path) -> None:
    words.extract_words("applications", root)
    translate_all(root)
    (root / "templates" / "page.html").write_text('{% load i18n %}{% translate "Decision" %}{% translate "Reasons" %}')

    words.extract_words("applications", root)

    catalogue = words.read_catalogue(words.catalogue_path("applications", root))
    assert catalogue["Decision"].string == "Décision"
    assert catalogue["Reasons"].string == ""
    assert "Reason" not in catalogue


def test_extracting_twice_changes_nothing(root: Path) -> None:
    once = words.extract_words("applications", root).read_bytes()

    assert words.extract_words("applications", root).read_bytes() == once


def test_a_product_all_in_french_has_no_faults(root: Path) -> None:
    words.extract_words("applications", root)
    translate_all(root)

    assert words.faults("applications", root) == []


@pytest.mark.parametrize(
    ("msgid", "french", "fault"),
    [
        ("Loan", [""], "no French for 'Loan' (applications/office.py)"),
        ("%(n)s day", ["%(n)s jour", ""], "no French for '%(n)s day' (applications/office.py)"),
        ("%(n)s day", ["%(n)s jour", "%(m)s jours"], "placeholders differ: '%(n)s day' and '%(m)s jours'"),
        ("%(n)s day", ["%(m)s jour", "%(n)s jours"], "placeholders differ: '%(n)s day' and '%(n)s jours'"),
        ("Loan", ["Prêt : voir"], "plain space before a mark: 'Prêt : voir'"),
        ("Loan", ["Prêt à 5 %"], "plain space before a mark: 'Prêt à 5 %'"),
    ],
)
def test_a_slip_in_the_french_is_named(root: Path, msgid: str, french: list[str], fault: str) -> None:
    words.extract_words("applications", root)
    translate_all(root)

    translate(root, msgid, *french)

    assert words.faults("applications", root) == [f"applications: {fault}"]


def test_a_fuzzy_and_an_obsolete_word_are_named(root: Path) -> None:
    words.extract_words("applications", root)
    translate_all(root)
    path = words.catalogue_path("applications", root)
    fuzzy = path.read_text().replace('msgid "Loan"', '#, fuzzy\nmsgid "Loan"')
    path.write_text(fuzzy + '\nmsgid "Gone"\nmsgstr "Parti"\n\n#~ msgid "Long gone"\n#~ msgstr "Parti"\n')

    assert words.faults("applications", root) == [
        "applications: fuzzy: 'Loan'",
        "applications: obsolete, no source says it: 'Gone'",
        "applications: obsolete, no source says it: 'Long gone'",
    ]


def test_a_compiled_catalogue_speaks_french_and_counts_as_the_french_do(root: Path) -> None:
    words.extract_words("applications", root)
    translate_all(root)

    (made,) = words.compile_catalogues(root)

    with made.open("rb") as file:
        french = gettext.GNUTranslations(file)
    assert french.pgettext("advice", "Grant") == "Accorder"
    assert [french.ngettext("%(n)s day", "%(n)s days", n) for n in (0, 1, 2)] == [
        "%(n)s jour",
        "%(n)s jour",
        "%(n)s jours",
    ]


def test_a_catalogue_is_compiled_again_only_when_its_source_is_newer(root: Path) -> None:
    source = words.extract_words("applications", root)
    (made,) = words.compile_catalogues(root)

    assert words.compile_catalogues(root) == []

    later = made.stat().st_mtime + 1
    os.utime(source, (later, later))
    assert words.compile_catalogues(root) == [made]


@pytest.mark.parametrize("command", [[], ["translate"], ["check", "twice"]])
def test_an_unknown_command_is_answered_with_the_commands_there_are(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert words.main(command) == 2
    assert "python -m applications.words extract" in capsys.readouterr().out


def _msgid(lazy: object) -> str:
    """Return the English text behind a lazy translation, whatever the language of the moment."""
    with override(None, deactivate=True):
        return str(lazy)
