"""A register of a handful of made-up people that speaks the real one's wire format, and misbehaves on demand.

with twin.serve() as url: …                     # or, to look inside and to misbehave:
register = Twin(); register.be(slow=2); with twin.serve(register) as url: …
"""

import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from operator import eq, ge, gt, le, lt
from typing import Any
from wsgiref.util import request_uri

from django.conf import settings

from motcua.base import jose, twins
from motcua.base.text import fold
from motcua.base.twins import Patience
from motcua.connectors.population import signatures
from motcua.connectors.population.people import PEOPLE
from motcua.connectors.population.signatures import Answer, Forged, Question

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
_MOST = 5
_COMPARE = {"<": lt, "<=": le, "=": eq, ">=": ge, ">": gt}
#: what changes in a life, and may be asked as of a day
_HISTORIC = {"name", "other_name", "ethnicity", "religion", "nationality", "absence", "marital_status"}
_HISTORIC |= {"permanent_address", "temporary_address", "current_address", "deceased_on", "missing_on"}
_HISTORIC |= {"phone", "email", "household"}
_CALLED = {"agency_name", "officer_name", "officer_role"}
_MESSAGES = {
    400: "Yêu cầu không đúng định dạng.",
    401: "Chữ ký của yêu cầu không hợp lệ.",
    403: "Không được phép khai thác.",
    404: "Không tìm thấy công dân với số định danh đã cung cấp.",
    409: "Mã yêu cầu này đã được sử dụng.",
    503: "Cơ sở dữ liệu dân cư đang quá tải, hãy thử lại sau.",
}
Start = Callable[[str, list[tuple[str, str]]], object]


class _Refusal(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Call:
    """One call the twin has answered."""

    verb: str
    agency: str
    officer: str
    procedure: str
    dossier: str
    names: tuple[str, ...]
    #: agency, officer and role as people call them
    called: tuple[str, str, str] = ("", "", "")
    #: in which a refusal would be read
    language: str = ""


@dataclass
class Twin:
    """The WSGI app; people are kept by number, as the wire spells them."""

    people: dict[str, dict[str, Any]] = field(default_factory=lambda: {n: dict(p) for n, p in PEOPLE.items()})
    client_id: str = ""
    key: Mapping[str, Any] | None = None
    #: what it signs its answers with
    answer_key: Mapping[str, Any] | None = None
    #: attributes that are told under a procedure; every procedure that is not named may ask everything
    rights: dict[str, set[str]] = field(default_factory=dict)
    #: what was asked, oldest first
    calls: list[Call] = field(default_factory=list)
    slow: float = 0
    dead: bool = False
    wrong: bool = False
    #: handles that were given out: whose number, and for which officer, agency, procedure and dossier
    handles: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    patience: Patience = field(default_factory=Patience)

    def be(self, *, slow: float = 0, dead: bool = False, wrong: bool = False) -> None:
        """Misbehave from now on: wait so many seconds, hang up, or answer nonsense; be() behaves again."""
        self.slow, self.dead, self.wrong = slow, dead, wrong

    @property
    def hangs_up(self) -> bool:
        """Whether callers are not even let in."""
        return self.dead

    def add(self, number: str, **attributes: Any) -> None:
        """Let somebody else be registered here."""
        self.people[number] = attributes

    def __call__(self, asked: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one HTTP request."""
        body, question = asked["wsgi.input"].read(int(asked.get("CONTENT_LENGTH") or 0)), _question_of(asked)
        self.patience.wait(self.slow)
        if self.wrong:
            start("200 OK", [("Content-Type", "text/html")])
            return ["<p>Hệ thống đang bảo trì</p>".encode()]
        try:
            if self.dead:
                raise _Refusal(503, "busy")
            status, said = 200, self._answer(question, body)
        except _Refusal as refusal:
            said = {"code": refusal.code, "message": _MESSAGES[refusal.status]}
            status = refusal.status
        sent = json.dumps(said, ensure_ascii=False).encode()
        answer = Answer(status, {"Content-Type": "application/json"}, question)
        key = self.answer_key or jose.derived_key(settings.REGISTER_KEY)
        signatures.sign_answer(answer, sent, key=key, at=datetime.now(UTC))
        start(f"{status} Answer", list(answer.headers.items()))
        return [sent]

    def _answer(self, asked: Question, body: bytes) -> dict[str, Any]:
        verb, heads = asked.url.rpartition("/")[2], asked.headers
        message = self._check_signature(asked, body)
        question = _question(verb, body)
        call = Call(
            verb=verb,
            agency=heads.get("X-Road-Represented-Party", "").rpartition("/")[2],
            officer=heads.get("X-Road-Userid", ""),
            procedure=question.get("procedure", ""),
            dossier=heads.get("X-Road-Issue", ""),
            names=tuple(_asked(question)),
            called=(
                question.get("agency_name", ""),
                question.get("officer_name", ""),
                question.get("officer_role", ""),
            ),
            language=heads.get("Accept-Language", ""),
        )
        if message in self._used:
            raise _Refusal(409, "replayed")
        self._used.add(message)
        if not all((call.agency, call.officer, call.procedure, call.dossier, question.get("basis"))):
            raise _Refusal(403, "purpose_missing")
        self.calls.append(call)
        return self._tell(call, question)

    def _tell(self, call: Call, question: dict[str, Any]) -> dict[str, Any]:
        if call.verb in ("find", "choose"):
            return self._find(call, question) if call.verb == "find" else self._choose(call, question)
        person = self.people.get(question["number"])
        if call.verb == "numbers":
            return self._numbers(question["number"])
        on = question.get("on") or ""
        covered = [name for name in call.names if name in self.rights.get(call.procedure, {name})]
        refused = [name for name in call.names if name not in covered]
        if call.procedure in self.rights and not self.rights[call.procedure]:
            raise _Refusal(403, "purpose_not_allowed")
        if (call.names and not set(covered) - {"history"}) or (on and "history" not in covered):
            raise _Refusal(403, "field_not_allowed")
        if call.verb == "status":
            dead = bool(person and person.get("deceased_on"))
            status = "unknown" if person is None else "deceased" if dead else "alive"
            return {"status": status, "account": (person or {}).get("account", "none") if covered else None}
        if call.verb == "verify":
            said = question["expressions"]
            true = [person is not None and _is_true(person, one) for one in said]
            results = [true[at] if one["attribute"] in covered else None for at, one in enumerate(said)]
            return {"results": results, "refused": refused}
        if call.verb == "match":
            given = question["given"]
            differing = [n for n in covered if person is None or (person.get(n) or "") != given[n]]
            return {"match": not differing, "differing": differing, "refused": refused}
        if person is None:
            raise _Refusal(404, "unknown")
        told = {name: _as_of(person, name, on) for name in covered if name != "history"}
        return {"attributes": told, "refused": refused}

    def _find(self, call: Call, sought: dict[str, Any]) -> dict[str, Any]:
        self._check_finding(call)
        name, born_on, old = (sought.get(key, "") for key in ("name", "born_on", "old_number"))
        if not old and (not born_on or len(name.split()) < 2):
            raise _Refusal(403, "too_wide")
        found = [
            number
            for number, person in self.people.items()
            if not person.get("deceased_on")
            and (person.get("old_number") == old if old else _alike(person, name, born_on))
        ]
        if len(found) > _MOST:
            raise _Refusal(403, "too_wide")
        return {"candidates": [self._shown(number, call, 99 // len(found)) for number in found]}

    def _shown(self, number: str, call: Call, score: int) -> dict[str, Any]:
        handle, person = secrets.token_urlsafe(24), self.people[number]
        self.handles[handle] = number, _bound(call)
        return {
            "handle": handle,
            "score": score,
            "name": person["name"],
            "born_year": person["born_on"][:4],
            "commune": (person.get("permanent_address") or {}).get("commune", ""),
            "number": f"{number[:6]}{'•' * 6}",
        }

    def _choose(self, call: Call, question: dict[str, Any]) -> dict[str, Any]:
        self._check_finding(call)
        number, bound = self.handles.get(question["handle"], ("", ()))
        if bound != _bound(call):
            raise _Refusal(403, "not_shown")
        del self.handles[question["handle"]]
        return {"number": number}

    def _check_finding(self, call: Call) -> None:
        if "find" not in self.rights.get(call.procedure, {"find"}):
            raise _Refusal(403, "purpose_not_allowed")

    def _numbers(self, number: str) -> dict[str, Any]:
        for new, person in self.people.items():
            if number in (new, person.get("old_number")):
                return {"number": new, "old_number": person.get("old_number") or None}
        raise _Refusal(404, "unknown")

    def _check_signature(self, question: Question, body: bytes) -> str:
        key, heads = self.key or jose.derived_key(settings.POPULATION_KEY), question.headers
        if heads.get("X-Road-Client") != (self.client_id or settings.POPULATION_CLIENT_ID):
            raise _Refusal(401, "credential")
        try:
            signatures.check(question, body, keys=[key], at=datetime.now(UTC))
        except Forged as why:
            raise _Refusal(401, why.code) from why
        if not re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", heads["X-Road-Id"]):
            raise _Refusal(401, "credential")
        return heads["X-Road-Id"]


def _bound(call: Call) -> tuple[str, ...]:
    return call.officer, call.agency, call.procedure, call.dossier


def _alike(person: Mapping[str, Any], name: str, born_on: str) -> bool:
    """Forgive what is easily forgiven; the real register forgives more."""
    same = sorted(fold(person["name"]).split()) == sorted(fold(name).split())
    return same and str(person["born_on"]).startswith(born_on[:4])


def _question_of(asked: Mapping[str, Any]) -> Question:
    """Give a request as it is signed."""
    heads = {
        name.removeprefix("HTTP_").replace("_", "-").title(): str(value)
        for name, value in asked.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    return Question(request_uri(dict(asked)), heads, str(asked["REQUEST_METHOD"]))


def _question(verb: str, body: bytes) -> dict[str, Any]:
    """Read a body as strictly as the real register does."""
    try:
        question = json.loads(body)
    except (ValueError, RecursionError) as why:
        raise _Refusal(400, "malformed") from why
    if not isinstance(question, dict) or verb not in _QUESTIONS:
        raise _Refusal(400, "malformed")
    needed = _QUESTIONS[verb]
    known = {"find": set(_SOUGHT), "status": {"account"}, "attributes": {"on"}}.get(verb, set())
    if not needed <= question.keys() <= needed | known | {"procedure", "basis"} | _CALLED:
        raise _Refusal(400, "malformed")
    number, names = question.get("number", "0" * 12), question.get("names", ["-"])
    given = question.get("given", {"-": "-"})
    if not isinstance(names, list) or not isinstance(given, dict):
        raise _Refusal(400, "malformed")
    words = [question.get("procedure", ""), *names, *given]
    sentences = [question.get("basis", ""), *given.values()]
    digits = "[0-9]{9}|[0-9]{12}" if verb == "numbers" else "[0-9]{12}"
    if not (
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
    ):
        raise _Refusal(400, "malformed")
    return question


def _asked(question: Mapping[str, Any]) -> list[str]:
    """Name everything that a right must cover for this question."""
    if question.get("account"):
        return ["account"]
    if question.get("on"):
        return [*(name for name in question["names"] if name in _HISTORIC), "history"]
    spoken = dict.fromkeys(one["attribute"] for one in question.get("expressions", []))
    return list(question.get("names") or question.get("given") or spoken)


def _as_of(person: Mapping[str, Any], name: str, on: str) -> Any:
    """Give what was so on a day: `past` keeps by attribute until when something else was so, oldest first."""
    before = next((value for until, value in person.get("past", {}).get(name, ()) if on and until > on), None)
    if name == "household" and on:
        home = person.get(name) if before is None else before
        return {"from": None, "to": None, **home} if home else None
    return person.get(name) if before is None else before


def _is_day(text: Any) -> bool:
    try:
        return text is None or bool(date.fromisoformat(text))
    except (TypeError, ValueError):
        return False


def _is_true(person: Mapping[str, Any], said: Mapping[str, str]) -> bool:
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


@contextmanager
def serve(register: Twin | None = None) -> Iterator[str]:
    """Serve a twin on a free loopback port and give the base address for POPULATION_URL."""
    twin = register or Twin()
    with twins.serve(twin) as address:
        yield f"{address}/dan-cu/v1"
