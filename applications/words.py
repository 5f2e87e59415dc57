"""The words of the product: gather them from the sources, check their French, compile them for the site.

    python -m applications.words extract   write new words into the .po files, keeping the translations there are
    python -m applications.words check     name every word that is not rightly translated; exit status 1 if there is one
    python -m applications.words compile   make the .mo files that the site reads

Words are English in the sources (gettext), French in `*/locale/fr/LC_MESSAGES/django.po`. Babel does all three, so that
no machine needs the GNU gettext programs.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
# Whose catalogue holds the words of which folders.
FOLDERS: Mapping[str, tuple[str, ...]] = {
    "applications": ("applications", "scoring_site", "templates"),
    "modelling": ("modelling",),
}
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# CLDR's rule for French has a third form, for millions, that no sentence of ours needs; Django's own catalogue has two.
PLURAL_FORMS = "nplurals=2; plural=(n > 1);"
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\-+ .\d]*[a-zA-Z]|%[#0\-+.\d]*[sdfrg]|\{\w*\}")
# French sets these marks off with a space on which no line breaks; the plain space is a slip.
PLAIN_SPACE_BY_MARK = re.compile(r" [:;?!»€]|« | %%| %(?![(#0\-+.\dsdfrg%])")


def catalogue_path(owner: str, root: Path = ROOT) -> Path:
    """Return where the French catalogue of an app lies."""
    return root / owner / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path) -> Catalog:
    """Return the translations of a .po file; none when there is no file yet."""
    if not path.exists():
        return Catalog(locale="fr")
    with path.open("rb") as file:
        return read_po(file, locale="fr")


def source_words(owner: str, root: Path = ROOT) -> Catalog:
    """Return every translatable word in the sources whose words this app keeps, with the files it stands in."""
    words = Catalog(locale="fr")
    for folder in FOLDERS[owner]:
        for path in sorted((root / folder).rglob("*")):
            for message, context, comments in _words_of(path):
                place = (path.relative_to(root).as_posix(), 0)
                words.add(message, locations=[place], auto_comments=comments, context=context)
    return words


def _words_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    text = _as_python(path)
    if text is None:
        return
    found = extract("python", BytesIO(text.encode()), KEYWORDS, comment_tags=("Translators:",))
    for _line, message, comments, context in found:
        yield message, context, list(comments)


def _as_python(path: Path) -> str | None:
    """Return the file as text that the extractor for Python reads; None for a file that can hold no words."""
    if path.suffix == ".py":
        return path.read_text(encoding="utf-8")
    if path.suffix in {".html", ".txt"}:
        # In brackets the indentation of a template, which is not Python's, goes unread.
        return f"(\n{templatize(path.read_text(encoding='utf-8'), origin=str(path))}\n)"
    return None


def extract_words(owner: str, root: Path = ROOT) -> Path:
    """Bring an app's catalogue up to its sources and return its path: new words empty, words gone dropped."""
    path = catalogue_path(owner, root)
    catalogue, words = read_catalogue(path), source_words(owner, root)
    # The file changes with its words alone, never with the clock.
    words.creation_date = catalogue.creation_date
    catalogue.update(words, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    _write_catalogue(catalogue, path)
    return path


def _write_catalogue(catalogue: Catalog, path: Path) -> None:
    body = BytesIO()
    write_po(body, catalogue, width=110, sort_output=True, ignore_obsolete=True, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURAL_FORMS}\\n"\n\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.encode() + body.getvalue())


def faults(owner: str, root: Path = ROOT) -> list[str]:
    """Return one sentence for each word of an app that lacks a right French translation; none when all is well."""
    catalogue, words = read_catalogue(catalogue_path(owner, root)), source_words(owner, root)
    found = [fault for word in words if word.id for fault in _faults_of(word, catalogue.get(word.id, word.context))]
    gone = [word for word in catalogue if word.id and words.get(word.id, word.context) is None]
    unused = [f"obsolete, no source says it: {_name(word)}" for word in (*gone, *catalogue.obsolete.values())]
    return [f"{owner}: {fault}" for fault in found + unused]


def _faults_of(word: Message, translated: Message | None) -> Iterator[str]:
    forms = _forms(translated.string) if translated is not None else ()
    if translated is None or not forms or not all(forms):
        places = ", ".join(sorted({place for place, _line in word.locations}))
        yield f"no French for {_name(word)} ({places})"
        return
    if translated.fuzzy:
        yield f"fuzzy: {_name(word)}"
    if not _same_placeholders(_forms(word.id), forms):
        yield f"placeholders differ: {_name(word)} and {forms[-1]!r}"
    yield from (f"plain space before a mark: {form!r}" for form in forms if PLAIN_SPACE_BY_MARK.search(form))


def _same_placeholders(english: tuple[str, ...], french: tuple[str, ...]) -> bool:
    """Tell whether the French asks for the same values. A singular may leave its number out ("one day")."""
    wanted = sorted(PLACEHOLDER.findall(english[-1]))
    singulars = (set(PLACEHOLDER.findall(form)) for form in french[:-1])
    return sorted(PLACEHOLDER.findall(french[-1])) == wanted and all(found <= set(wanted) for found in singulars)


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text)


def _name(word: Message) -> str:
    return repr(_forms(word.id)[0])


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Compile each .po file that is newer than its .mo file, or has none, and return the .mo files made."""
    made = []
    for source in sorted(root.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        _compile(source, target)
        made.append(target)
    return made


def _compile(source: Path, target: Path) -> None:
    # Written beside and moved in: a site that starts meanwhile finds the old file or the new one, never half of it.
    half = target.with_suffix(f".{os.getpid()}.tmp")
    with half.open("wb") as file:
        write_mo(file, read_catalogue(source))
    half.replace(target)


def main(arguments: list[str]) -> int:
    """Run one of the three commands and say in a sentence what it did; return the exit status."""
    match arguments:
        case ["extract"]:
            print("Extracted into", *(extract_words(owner).relative_to(ROOT) for owner in FOLDERS))
        case ["compile"]:
            print(f"Compiled {len(compile_catalogues())} catalogues; the others were fresh.")
        case ["check"]:
            found = [fault for owner in FOLDERS for fault in faults(owner)]
            print(*found, f"{len(found)} faults in the French of the product.", sep="\n")
            return min(len(found), 1)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
