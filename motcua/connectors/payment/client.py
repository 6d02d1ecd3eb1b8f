"""Asking the payment platform over HTTP, and reading what it tells of its own accord.

The wire is ours, with the field names of the national portal. Every message is a JSON object with the header
`X-Chu-Ky`, HMAC-SHA256 over `<kind>` LF `<body>`; answers are bound to their question (signatures.py).

    POST {url}/khoi-tao    MaTraCuuTT, MaHoSo, MaTTHC, SoTien, PhiLePhi [], UrlTraVe … → UrlThanhToan
    POST {url}/tra-cuu     MaTraCuuTT → TrangThai, SoTien, MaGiaoDich, ThoiGian
    POST {url}/doi-soat    Ngay → GiaoDich: every payment that came in on that day
    POST {UrlThongBao}     as the answer of tra-cuu, by the platform itself: the kind is `thong-bao`

`error_code` "0" is done, "1" final, anything else means: again, later. `MaYeuCau` is new in every question.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from motcua.connectors.payment import Denied, Forged, Order, Said, State, Unavailable
from motcua.connectors.payment.signatures import HEAD, answer_to, genuine, sign

#: bytes of one notice or answer, and of a day's list
LONGEST, _LONGEST_DAY = 10_000, 20_000_000
_MOST = 10**15


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform, and the key we share with it."""

    url: str
    key: str
    http: httpx.Client

    def begin(self, order: Order) -> str:
        """Hand in an order and give the address of the payer's page; twice is once.

        Raises Unavailable or Denied.
        """
        said = self._ask("khoi-tao", written(order))
        page = said.get("UrlThanhToan")
        # Nobody is led anywhere else, whoever answers.
        if not isinstance(page, str) or urlsplit(page)[:2] != urlsplit(self.url)[:2]:
            raise Unavailable("wrong address")
        return page

    def ask(self, code: str) -> Said:
        """Ask what became of one payment; raises Unavailable or Denied."""
        said = read(self._ask("tra-cuu", {"MaTraCuuTT": code}))
        if said is None or said.code != code:
            raise Unavailable("wrong shape")
        return said

    def day(self, on: date) -> list[Said]:
        """Give every payment that came in on a day; raises Unavailable or Denied."""
        said = self._ask("doi-soat", {"Ngay": on.isoformat()}, longest=_LONGEST_DAY)
        rows = said.get("GiaoDich")
        if said.get("Ngay") != on.isoformat() or not isinstance(rows, list):
            raise Unavailable("wrong shape")
        return list(_rows(rows))

    def _ask(self, what: str, words: dict[str, Any], *, longest: int = LONGEST) -> dict[str, Any]:
        body = json.dumps({**words, "MaYeuCau": secrets.token_hex(16)}).encode()
        heads = {HEAD: sign(what, body, self.key), "Content-Type": "application/json"}
        try:
            answer = self.http.post(f"{self.url}/{what}", content=body, headers=heads)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(type(error).__name__) from None
        if answer.status_code in (401, 403):
            raise Denied(f"status {answer.status_code}")
        if answer.status_code != 200 or len(answer.content) > longest:
            raise Unavailable(f"status {answer.status_code}")
        if not genuine(answer.headers.get(HEAD, ""), answer_to(body), answer.content, self.key):
            raise Unavailable("wrong signature")
        said = _loaded(answer.content)
        if said.get("error_code") == "1":
            raise Denied("error 1")
        if said.get("error_code") != "0":
            raise Unavailable("error")
        return said


def written(order: Order) -> dict[str, Any]:
    """Write an order as the wire spells it."""
    return {
        "MaTraCuuTT": order.code,
        "MaHoSo": order.dossier,
        "MaTTHC": order.procedure,
        "TenTTHC": order.procedure_name,
        "MaDonVi": order.agency,
        "TenDonVi": order.agency_name,
        "HoTenNguoiNop": order.payer,
        "PhiLePhi": [
            {"LoaiPhiLePhi": one.kind, "TenPhiLePhi": one.name, "SoTien": one.amount} for one in order.items
        ],
        "SoTien": order.amount,
        "HanThanhToan": order.until.isoformat(timespec="seconds"),
        "UrlTraVe": order.back,
        "UrlThongBao": order.notice,
    }


def read(said: dict[str, Any]) -> Said | None:
    """Read one payment, or None when it makes no sense."""
    code, state, amount = said.get("MaTraCuuTT"), said.get("TrangThai"), said.get("SoTien", 0)
    reference, at = said.get("MaGiaoDich", ""), said.get("ThoiGian", "")
    if not (isinstance(code, str) and 0 < len(code) <= 60 and "\0" not in code and state in list(State)):
        return None
    if state != State.PAID:
        return Said(code, State(state))
    if not (isinstance(amount, int) and not isinstance(amount, bool) and 0 < amount < _MOST):
        return None
    if not (isinstance(reference, str) and 0 < len(reference.strip()) <= 100 and "\0" not in reference):
        return None
    try:
        paid_at = datetime.fromisoformat(at)
    except (ValueError, TypeError):
        return None
    return Said(code, State.PAID, amount, reference.strip(), paid_at) if paid_at.tzinfo else None


def _rows(rows: Iterable[Any]) -> Iterable[Said]:
    for row in rows:
        said = read(row) if isinstance(row, dict) else None
        if said is None or said.state is not State.PAID:
            raise Unavailable("wrong shape")
        yield said


def _loaded(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Unavailable("wrong shape")
    return said


@lru_cache(maxsize=4)
def _platform(url: str, key: str, timeout: float) -> Platform:
    return Platform(url, key, httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False))


def platform() -> Platform:
    """Give the platform that the settings name; raises Denied when they name none."""
    if not settings.PAYMENT_URL:
        raise Denied("no platform")
    return _platform(settings.PAYMENT_URL, settings.PAYMENT_KEY, settings.PAYMENT_TIMEOUT)


def opened(body: bytes, signature: str) -> Said:
    """Read a notice that the platform sent by itself; raises Forged."""
    if not settings.PAYMENT_URL or not genuine(signature, "thong-bao", body, settings.PAYMENT_KEY):
        raise Forged
    try:
        said = read(_loaded(body))
    except Unavailable:
        raise Forged from None
    if said is None:
        raise Forged
    return said
