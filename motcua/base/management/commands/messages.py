"""Collect every sentence a person reads into the English catalogue; compile it without gettext's programs."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import templatize

#: translating functions and which of their arguments are messages
FUNCTIONS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
#: a catalogue without dates gives the same bytes every time
BIRTHDAY = datetime(2026, 11, 23, tzinfo=UTC)
HEADER = "# English of Motcua. `python manage.py messages` collects the sentences; fill in what is empty."


def catalogue_path() -> Path:
    """Name the English catalogue."""
    return Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"


def sources(root: Path, ending: str) -> Iterator[Path]:
    """Yield the files people's sentences stand in; tests and migrations speak to nobody."""
    for path in sorted((root / "motcua").rglob(f"*.{ending}")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path


def names(source: str) -> dict[str, Any]:
    """Learn under which names a Python file imports the translating functions."""
    found: dict[str, Any] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            found |= {a.asname or a.name: FUNCTIONS[a.name] for a in node.names if a.name in FUNCTIONS}
    return found


def collect(root: Path) -> Catalog:
    """Read every sentence in Python files and templates."""
    catalogue = new()
    for path in sources(root, "py"):
        source = path.read_text()
        if words := names(source):
            add(catalogue, source, words)
    for path in sources(root, "html"):
        add(catalogue, templatize(path.read_text(), origin=str(path)), FUNCTIONS | {"_": None})
    return catalogue


def add(catalogue: Catalog, source: str, words: dict[str, Any]) -> None:
    """Put the messages of one source text into the catalogue."""
    found: Iterator[Any] = extract_python(BytesIO(source.encode()), words, (), {})
    for _line, function, message, _comments in found:
        spec = words[function]
        if spec is None:
            catalogue.add(message[0] if isinstance(message, tuple) else message)
        elif spec == (1, 2):
            catalogue.add(message[:2])
        else:
            catalogue.add(message[1], context=message[0])


def new() -> Catalog:
    """Open an empty English catalogue."""
    return Catalog(
        locale="en",
        project="motcua",
        version="0",
        msgid_bugs_address="-",
        last_translator="Motcua",
        language_team="Motcua",
        header_comment=HEADER,
        creation_date=BIRTHDAY,
        revision_date=BIRTHDAY,
        fuzzy=False,
    )


def merged(root: Path, old: Path) -> Catalog:
    """Bring the collected sentences together with the English that is already known."""
    fresh = new()
    known = read_po(BytesIO(old.read_bytes()), locale="en") if old.exists() else new()
    for message in sorted(collect(root), key=lambda found: (str(found.id), found.context or "")):
        if message.id:
            before = known.get(message.id, message.context)
            english = before.string if before and not before.fuzzy else ""
            fresh.add(message.id, english, context=message.context)
    return fresh


def written(catalogue: Catalog) -> bytes:
    """Give the catalogue as the text of a .po file."""
    out = BytesIO()
    write_po(out, catalogue, width=110, no_location=True, ignore_obsolete=True)
    return out.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Give the catalogue as the bytes of a .mo file."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


class Command(BaseCommand):
    """Collect and compile the English catalogue."""

    help = "Collect the sentences of the screens into locale/en and compile them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write django.po and django.mo, and say how many sentences wait for English."""
        path = catalogue_path()
        catalogue = merged(path.parents[3], path)
        path.write_bytes(written(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        waiting = sum(1 for message in catalogue if message.id and message.string in ((), "", ("", "")))
        self.stdout.write(f"{len(catalogue)} sentences, {waiting} wait for English: {path}")
