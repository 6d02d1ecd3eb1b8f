"""A register of a handful of made-up people that speaks the real one's wire format, and misbehaves on demand.

with twin.serve() as url: …                     # or, to look inside and to misbehave:
register = Twin(); register.be(slow=2); with twin.serve(register) as url: …
"""

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from wsgiref.util import request_uri

from django.conf import settings

from motcua.base import jose, twins
from motcua.base.text import fold
from motcua.base.twins import Patience
from motcua.connectors.population import signatures, twin_questions, twin_vnpt
from motcua.connectors.population.people import PEOPLE
from motcua.connectors.population.signatures import Answer, Forged, Question

_MOST = 5
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
    wrong: bool | str = False
    #: seconds that its clock is before ours when it judges a question
    ahead: float = 0
    #: handles that were given out: whose number, and for which officer, agency, procedure and dossier
    handles: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    patience: Patience = field(default_factory=Patience)

    def be(self, *, slow: float = 0, dead: bool = False, wrong: bool | str = False) -> None:
        """Misbehave from now on: wait so many seconds, hang up, or answer wrongly; be() behaves again.

        Wrong is a page for people, or one of: half, huge, malformed, forged, swapped, clock.
        """
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
        if self.wrong is True:
            start("200 OK", [("Content-Type", "text/html")])
            return ["<p>Hệ thống đang bảo trì</p>".encode()]
        try:
            if self.dead:
                raise _Refusal(503, "busy")
            status, said = 200, self._answer(question, body)
        except _Refusal as refusal:
            said = {"code": refusal.code, "message": _MESSAGES[refusal.status]}
            status = refusal.status
        return self._send(status, said, question, start)

    def _send(self, status: int, said: Mapping[str, Any], question: Question, start: Start) -> list[bytes]:
        sent, at = json.dumps(said, ensure_ascii=False).encode(), datetime.now(UTC)
        key = self.answer_key or jose.derived_key(settings.REGISTER_KEY)
        match self.wrong:
            case "huge":
                sent = b" " * 2_000_000 + sent
            case "malformed":
                sent = sent[:-1]
            case "forged":
                key = jose.new_key() | {"kid": key["kid"]}
            case "swapped":
                question = replace(question, headers={"Signature": f"sig=:{'A' * 86}==:"})
            case "clock":
                at -= timedelta(minutes=5)
        answer = Answer(status, {"Content-Type": "application/json"}, question)
        signatures.sign_answer(answer, sent, key=key, at=at)
        answer.headers["Content-Length"] = str(len(sent))
        start(f"{status} Answer", list(answer.headers.items()))
        return [sent[: len(sent) // 2] if self.wrong == "half" else sent]

    def _answer(self, asked: Question, body: bytes) -> dict[str, Any]:
        verb, heads = asked.url.rpartition("/")[2], asked.headers
        message = self._check_signature(asked, body)
        if verb == "vnpt":
            return self._answer_old(message, heads, body)
        return self._judge(message, verb, heads, _read(verb, body))

    def _answer_old(self, message: str, heads: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """Answer in the words of the old format."""
        old = _old(body, heads)
        verb, question = old.first
        try:
            said = old.written(self._judge(message, verb, heads, question))
        except _Refusal as refusal:
            raise _Refusal(refusal.status, twin_vnpt.CODES.get(refusal.code, refusal.code)) from refusal
        if said is None:
            raise _Refusal(404, "unknown")
        return said

    def _judge(
        self, message: str, verb: str, heads: Mapping[str, str], question: dict[str, Any]
    ) -> dict[str, Any]:
        call = Call(
            verb=verb,
            agency=heads.get("X-Road-Represented-Party", "").rpartition("/")[2],
            officer=heads.get("X-Road-Userid", ""),
            procedure=question.get("procedure", ""),
            dossier=heads.get("X-Road-Issue", ""),
            names=tuple(twin_questions.asked(question)),
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
            true = [person is not None and twin_questions.is_true(person, one) for one in said]
            results = [true[at] if one["attribute"] in covered else None for at, one in enumerate(said)]
            return {"results": results, "refused": refused}
        if call.verb == "match":
            given = question["given"]
            differing = [n for n in covered if person is None or not _same(person.get(n), given[n])]
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
            signatures.check(question, body, keys=[key], at=datetime.now(UTC) + timedelta(seconds=self.ahead))
        except Forged as why:
            raise _Refusal(401, why.code) from why
        if not re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", heads["X-Road-Id"]):
            raise _Refusal(401, "credential")
        return heads["X-Road-Id"]


def _same(held: Any, given: str) -> bool:
    return str(held or "").upper() == given.upper()


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


def _read(verb: str, body: bytes) -> dict[str, Any]:
    question = twin_questions.read(verb, body)
    if question is None:
        raise _Refusal(400, "malformed")
    return question


def _old(body: bytes, heads: Mapping[str, str]) -> twin_vnpt.Asked:
    """Read a body of the old format, which names who asks once more."""
    old = twin_vnpt.read(body)
    named = heads.get("X-Road-Userid", ""), heads.get("X-Road-Represented-Party", "").rpartition("/")[2]
    if old is None or (old.said.get("MaCanBo", ""), old.said.get("GovAgencyCode", "")) != named:
        raise _Refusal(400, "malformed")
    return old


def _as_of(person: Mapping[str, Any], name: str, on: str) -> Any:
    """Give what was so on a day: `past` keeps by attribute until when something else was so, oldest first."""
    before = next((value for until, value in person.get("past", {}).get(name, ()) if on and until > on), None)
    if name == "household" and on:
        home = person.get(name) if before is None else before
        return {"from": None, "to": None, **home} if home else None
    return person.get(name) if before is None else before


@contextmanager
def serve(register: Twin | None = None) -> Iterator[str]:
    """Serve a twin on a free loopback port and give the base address for POPULATION_URL."""
    twin = register or Twin()
    with twins.serve(twin) as address:
        yield f"{address}/dan-cu/v1"
