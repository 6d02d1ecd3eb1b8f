"""A procedure as a folder of TOML files: read strictly, so that no slip of the pen stays silent."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from django.conf import settings
from django.utils.translation import gettext as _

from motcua.base.text import fold
from motcua.domain.procedures.package.coherence import incoherent
from motcua.domain.procedures.package.faults import Fault, Faulty, sentence, strange_key
from motcua.domain.procedures.package.lines import Lines
from motcua.domain.procedures.rules import Definition, definition

__all__ = ["Definition", "Fault", "Faulty", "definition", "example", "folders", "read"]

PARTS = ("procedure", "form", "papers", "steps")
TEMPLATE = "result.typ"
_WHERE = re.compile(r"\(at line (\d+)")


def folders(root: Path | None = None) -> list[Path]:
    """List the packages of a library of procedures."""
    return sorted(path.parent for path in (root or settings.PROCEDURES).glob("*/procedure.toml"))


def read(folder: Path, *, root: Path | None = None) -> dict[str, Any]:
    """Read a package; raise Faulty with every mistake, each by file and line.

    `root` holds what packages share: schema/, lists.toml, synonyms.toml.
    """
    root = root or settings.PROCEDURES
    sheets = {part: Sheet(folder / f"{part}.toml", root) for part in PARTS}
    faults = [fault for sheet in sheets.values() for fault in sheet.faults]
    template = folder / TEMPLATE
    if not template.is_file():
        faults.append(Fault(TEMPLATE, 1, _("không có tệp này")))
    if faults:
        raise Faulty(faults)
    content = {part: sheet.data for part, sheet in sheets.items()}
    for part, path, text in (*_unlisted(content["form"], root), *incoherent(content)):
        faults.append(Fault(f"{part}.toml", sheets[part].lines.of(path), text))
    if faults:
        raise Faulty(faults)
    own = content["procedure"].pop("synonyms")
    return {
        **content,
        "result": template.read_text(encoding="utf-8"),
        "search": [*own, *_same(root, [content["procedure"]["title"], *own])],
    }


def example(folder: Path, *, root: Path | None = None) -> dict[str, Any]:
    """Read what a package says must come true of it."""
    sheet = Sheet(folder / "example.toml", root or settings.PROCEDURES)
    if sheet.faults:
        raise Faulty(sheet.faults)
    return sheet.data


class Sheet:
    """One TOML file of a package: its data, its faults of form, and where everything stands."""

    def __init__(self, path: Path, root: Path) -> None:
        self.faults: list[Fault] = []
        self.data: dict[str, Any] = {}
        self.name = path.name
        try:
            text = path.read_text(encoding="utf-8")
            self.lines = Lines(text)
            self.data = _plain(tomllib.loads(text))
        except FileNotFoundError:
            self._add(1, _("không có tệp này"))
        except UnicodeDecodeError:
            self._add(1, _("tệp phải ghi bằng UTF-8"))
        except tomllib.TOMLDecodeError as error:
            where = _WHERE.search(str(error))
            line = int(where[1]) if where else text.count("\n") + 1
            self._add(line, _("không phải TOML: %(error)s") % {"error": error})
        else:
            self._check(root / "schema", path.stem)

    def _add(self, line: int, text: str) -> None:
        self.faults.append(Fault(self.name, line, text))

    def _check(self, schemas: Path, part: str) -> None:
        checker, known = _checker(schemas, part)
        for error in checker.iter_errors(self.data):
            path = tuple(error.instance_path)
            if error.kind.name != "additionalProperties":
                self._add(self.lines.of(path), sentence(error))
                continue
            for key in error.kind.as_dict()["unexpected"]:
                self._add(self.lines.of((*path, key)), strange_key(key, known))


@cache
def _checker(schemas: Path, part: str) -> tuple[Any, tuple[str, ...]]:
    """Compile the schema of one file, with all the keys that it knows."""
    texts = {name: json.loads((schemas / f"{name}.schema.json").read_bytes()) for name in {part, "common"}}
    registry = jsonschema_rs.Registry([(f"{name}.schema.json", text) for name, text in texts.items()])
    checker = jsonschema_rs.Draft202012Validator(texts[part], registry=registry, validate_formats=True)
    return checker, tuple({key for text in texts.values() for key in _keys(text)})


def _keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        yield from schema.get("properties", ())
        for part in schema.values():
            yield from _keys(part)


def _plain(value: Any) -> Any:
    """Turn TOML's dates and times into ISO text, so that a definition is JSON."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value.strftime("%H:%M") if isinstance(value, time) else value


def _shared(root: Path, part: str) -> Any:
    sheet = Sheet(root / f"{part}.toml", root)
    if sheet.faults:
        raise Faulty(sheet.faults)
    return sheet.data


def _unlisted(form: dict[str, Any], root: Path) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """Put the choices of lists.toml into the fields that name a list."""
    lists = _shared(root, "lists")
    for number, field in enumerate(form["field"]):
        for path, row in [(("field", number), field)] + [
            (("field", number, "column", place), column)
            for place, column in enumerate(field.get("column", ()))
        ]:
            name = row.pop("list", None)
            if name in lists:
                row["choice"] = lists[name]
            elif name is not None:
                yield "form", (*path, "list"), _("lists.toml không có danh sách “%(name)s”") % {"name": name}


def _same(root: Path, phrases: list[str]) -> list[str]:
    """Add the words that mean the same as words of this procedure: bằng lái for giấy phép lái xe."""
    said = " | ".join(f" {fold(phrase)} " for phrase in phrases)
    found: dict[str, None] = {}
    for group in _shared(root, "synonyms")["same"]:
        if any(f" {fold(word)} " in said for word in group):
            found.update(dict.fromkeys(group))
    return list(found)
