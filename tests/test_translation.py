"""Nothing a person reads stays untranslated: the catalogue is whole, templates keep no bare Vietnamese."""

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from motcua.base.management.commands import messages

ROOT = Path(settings.ROOT)
CATALOGUE = read_po(BytesIO(messages.catalogue_path().read_bytes()), locale="en")
VIETNAMESE = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.I)
#: what a template may hold besides text: translated blocks, comments, tags, values, names of languages
NOT_TEXT = re.compile(
    r"\{% blocktrans(?:late)?.*?%\}.*?\{% endblocktrans(?:late)? %\}"
    r"|\{% comment .*?%\}.*?\{% endcomment %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}"
    r"|<(?!html)[^<>]*\blang=\"vi\"[^<>]*>[^<]*",
    re.S,
)
TEMPLATES = [path.relative_to(ROOT).as_posix() for path in messages.sources(ROOT, "html")]


def strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_every_sentence_has_its_english():
    wanted = messages.collect(ROOT)
    known = {(message.id, message.context): message for message in CATALOGUE}
    lacking = [
        message.id
        for message in wanted
        if message.id
        and not (
            (found := known.get((message.id, message.context))) and all(strings(found)) and not found.fuzzy
        )
    ]
    assert not lacking, f"{len(lacking)} without English (run: python manage.py messages): {lacking[:20]}"


def test_no_english_is_left_for_a_sentence_that_is_gone():
    wanted = {(message.id, message.context) for message in messages.collect(ROOT)}
    assert not [m.id for m in CATALOGUE if m.id and (m.id, m.context) not in wanted]


def test_placeholders_survive_translation():
    wrong = [(message.id, list(message.check(CATALOGUE))) for message in CATALOGUE if message.id]
    assert not [(words, faults) for words, faults in wrong if faults]
    for message in CATALOGUE:
        if message.id and not isinstance(message.id, tuple) and message.string:
            assert sorted(re.findall(r"%\(\w+\)s", message.id)) == sorted(
                re.findall(r"%\(\w+\)s", message.string)
            ), message.id


def test_english_is_not_vietnamese():
    left = [
        m.id
        for m in CATALOGUE
        if m.id
        and m.id != "Tiếng Việt"
        and any(VIETNAMESE.search(s) for s in strings(m) if s)
        and m.string == m.id
    ]
    assert not left


def test_the_compiled_catalogue_is_fresh():
    compiled = messages.catalogue_path().with_suffix(".mo").read_bytes()
    assert compiled == messages.compiled(CATALOGUE)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_keeps_no_vietnamese_outside_translation(name):
    text = NOT_TEXT.sub("", (ROOT / name).read_text())
    assert not [line.strip() for line in text.splitlines() if VIETNAMESE.search(line)]


def bare(path):
    """Find Vietnamese that is shown to people without passing through gettext."""
    tree = ast.parse(path.read_text())
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        shown = [word.value for word in call.keywords if word.arg in ("label", "help_text")]
        shown += call.args[:1] if name in ("Refused", "ValidationError") else []
        for value in shown:
            text = ast.unparse(value) if isinstance(value, ast.Constant | ast.JoinedStr) else ""
            # What the console says before there is a language says both: "Thiếu … / missing …".
            if VIETNAMESE.search(text) and " / " not in text:
                yield value.lineno


def test_refusals_and_labels_pass_through_translation():
    found = {path.relative_to(ROOT).as_posix(): list(bare(path)) for path in messages.sources(ROOT, "py")}
    assert not {name: lines for name, lines in found.items() if lines}
