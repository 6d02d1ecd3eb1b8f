"""What the twin takes for a question, as strictly as the real register, and what is asked by it."""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from operator import eq, ge, gt, le, lt
from typing import Any

_QUESTIONS = {"attributes": {"number", "names"}, "match": {"number", "given"}, "status": {"number"}}
_QUESTIONS |= {"verify": {"number", "expressions"}, "numbers": {"number"}}
_QUESTIONS |= {"find": set(), "choose": {"handle"}}
#: what may be known of somebody who is looked for
_SOUGHT = {"name": 200, "born_on": 10, "commune": 5, "old_number": 9}
_RULES = {
    "born_on": "([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?",
    "commune": "([0-9]{5})?",
    "old_number": "([0-9]{9})?",
}
_COMPARE = {"<": lt, "<=": le, "=": eq, ">=": ge, ">": gt}
#: what changes in a life, and may be asked as of a day
_HISTORIC = {"name", "other_name", "ethnicity", "religion", "nationality", "absence", "marital_status"}
_HISTORIC |= {"permanent_address", "temporary_address", "current_address", "deceased_on", "missing_on"}
_HISTORIC |= {"phone", "email", "household"}
_CALLED = {"agency_name", "officer_name", "officer_role"}


def read(verb: str, body: bytes) -> dict[str, Any] | None:
    """Read a body as strictly as the real register does; None for what makes no question."""
    try:
        question = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(question, dict) or verb not in _QUESTIONS:
        return None
    needed = _QUESTIONS[verb]
    known = {"find": set(_SOUGHT), "status": {"account"}, "attributes": {"on"}}.get(verb, set())
    if not needed <= question.keys() <= needed | known | {"procedure", "basis"} | _CALLED:
        return None
    number, names = question.get("number", "0" * 12), question.get("names", ["-"])
    given = question.get("given", {"-": "-"})
    if not isinstance(names, list) or not isinstance(given, dict):
        return None
    words = [question.get("procedure", ""), *names, *given]
    sentences = [question.get("basis", ""), *given.values()]
    digits = "[0-9]{9}|[0-9]{12}" if verb == "numbers" else "[0-9]{12}"
    fits = (
        isinstance(number, str)
        and isinstance(question.get("account", False), bool)
        and _is_day(question.get("on"))
        and re.fullmatch(digits, number)
        and (verb != "verify" or _are_expressions(question["expressions"]))
        and 0 < len(names) <= 40
        and 0 < len(given) <= 20
        and all(_is_text(word, 80) for word in words)
        and all(_is_text(sentence, 300) for sentence in sentences)
        and all(_is_text(question.get(name, ""), 100) for name in (*_CALLED, "handle"))
        and all(_is_text(question.get(name, ""), most) for name, most in _SOUGHT.items())
        and all(re.fullmatch(rule, question.get(name, "")) for name, rule in _RULES.items())
    )
    return question if fits else None


def asked(question: Mapping[str, Any]) -> list[str]:
    """Name everything that a right must cover for this question."""
    if question.get("account"):
        return ["account"]
    if question.get("on"):
        return [*(name for name in question["names"] if name in _HISTORIC), "history"]
    spoken = dict.fromkeys(one["attribute"] for one in question.get("expressions", []))
    return list(question.get("names") or question.get("given") or spoken)


def is_true(person: Mapping[str, Any], said: Mapping[str, str]) -> bool:
    """Tell whether something said of a made-up person is true."""
    name, value = said["attribute"], said["value"]
    if name == "age":
        born, today = str(person["born_on"]), datetime.now(UTC).date()
        years = today.year - int(born[:4]) - (today.isoformat()[5:] < (born[5:] or "12-31"))
        return bool(_COMPARE[said["operator"]](years, int(value)))
    kind, _, part = name.partition("_")
    address = person.get(f"{kind}_address") or {}
    held = address.get(part) if kind in ("permanent", "current") else person.get(name)
    return bool(_COMPARE[said["operator"]](str(held or ""), value))


def _is_day(text: Any) -> bool:
    try:
        return text is None or bool(date.fromisoformat(text))
    except (TypeError, ValueError):
        return False


def _are_expressions(said: Any) -> bool:
    if not isinstance(said, list) or not 0 < len(said) <= 5:
        return False
    for one in said:
        if not isinstance(one, dict) or set(one) != {"attribute", "operator", "value"}:
            return False
        name, operator, value = one["attribute"], one["operator"], one["value"]
        if not _is_text(name, 80) or not _is_text(value, 300) or operator not in list(_COMPARE):
            return False
        if not (re.fullmatch("[0-9]{1,3}", value) if name == "age" else name == "born_on" or operator == "="):
            return False
    return True


def _is_text(value: Any, longest: int) -> bool:
    if not isinstance(value, str) or len(value) > longest:
        return False
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value)
