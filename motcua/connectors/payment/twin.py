"""A payment platform that moves no money, with a page for the payer; it misbehaves on demand.

bank = Twin(key="…"); bank.be(dead=True); with twins.serve(bank) as url: …
python -m motcua.connectors.payment.twin 127.0.0.1 8300     # for a demonstration; the settings name the key
"""

import json
import secrets
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import parse_qs

import httpx
from django.conf import settings

from motcua.base import twins
from motcua.base.calendar import ZONE
from motcua.base.twins import Patience
from motcua.connectors.payment import State
from motcua.connectors.payment.signatures import HEAD, answer_to, genuine, sign

Start = Callable[[str, list[tuple[str, str]]], object]
#: orders that are kept, bytes of one request, tries of one notice
_MOST, _LONGEST, _TRIES = 2000, 20_000, 5
_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>{title} – Ngân hàng thử nghiệm</title><style>body{{font:1.1rem/1.5 sans-serif;max-width:34rem;
margin:1rem auto;padding:0 1rem;color:#0b0c0c}}h1{{font-size:1.5rem}}dt{{color:#505a5f}}
dd{{margin:0 0 .75rem}}
button,a.go{{font:inherit;display:block;box-sizing:border-box;width:100%;padding:.75rem;margin:.75rem 0;
border:2px solid #1d4f91;border-radius:.25rem;background:#fff;color:#1d4f91;text-align:center}}
.first{{background:#1d4f91!important;color:#fff!important}}</style>
<main><h1>{title}</h1>{content}<p>Ngân hàng thử nghiệm của bản trình diễn: không có tiền thật.</p></main>
</html>"""
_ASK = """<dl><dt>Đơn vị thu</dt><dd>{TenDonVi}</dd><dt>Nội dung</dt><dd>{content}</dd>
<dt>Mã tra cứu</dt><dd>{MaTraCuuTT}</dd><dt>Số tiền</dt><dd><b>{amount} đồng</b></dd></dl>
<form method="post"><button class="first" name="chon" value="tra">Trả {amount} đồng</button>
<button name="chon" value="lang">Trả, nhưng ngân hàng quên báo cho tỉnh</button>
<button name="chon" value="huy">Hủy, không trả</button></form>"""
_DONE = '<p>{words}</p><p><a class="go first" href="{back}">Về Cổng dịch vụ công</a></p>'


class _Refusal(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class Kept:
    """One order, and what became of it."""

    words: dict[str, Any]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    state: State = State.PENDING
    amount: int = 0
    reference: str = ""
    at: datetime | None = None

    def said(self) -> dict[str, Any]:
        """Write the platform's word on it."""
        said: dict[str, Any] = {"MaTraCuuTT": self.words["MaTraCuuTT"], "TrangThai": str(self.state)}
        if self.at is not None:
            said |= {"SoTien": self.amount, "MaGiaoDich": self.reference, "ThoiGian": self.at.isoformat()}
        return said


@dataclass(frozen=True, slots=True)
class Faults:
    """How it misbehaves."""

    slow: float = 0
    dead: bool = False
    #: talks nonsense
    wrong: bool = False
    #: signs with a key of its own
    forged: bool = False
    #: tells nobody that a payment came
    silent: bool = False
    #: tells everything twice
    double: bool = False
    #: takes this much less than it was told
    short: int = 0


@dataclass
class Twin:
    """The WSGI app."""

    key: str = ""
    faults: Faults = field(default_factory=Faults)
    orders: dict[str, Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    patience: Patience = field(default_factory=Patience)

    def be(self, **faults: Any) -> None:
        """Misbehave from now on, be() behaves."""
        self.faults = Faults(**faults)

    def take(self, code: str, *, reference: str = "", at: datetime | None = None) -> Kept:
        """Let the payer of an order pay it."""
        with self._lock:
            kept = self.orders[code]
            if kept.state is State.PENDING:
                kept.state, kept.amount = State.PAID, int(kept.words["SoTien"]) - self.faults.short
                kept.reference = reference or f"NHTN{secrets.randbelow(10**12):012d}"
                kept.at = at or datetime.now(ZONE)
        return kept

    def tell(self, kept: Kept) -> None:
        """Tell the province what became of an order, a few times while it does not hear."""
        for _time in range(2 if self.faults.double else 1):
            body = json.dumps(kept.said()).encode()
            heads = {HEAD: sign("thong-bao", body, "x" if self.faults.forged else self.key)}
            for pause in range(_TRIES):
                self.patience.wait(pause)
                try:
                    url = kept.words["UrlThongBao"]
                    if httpx.post(url, content=body, headers=heads, timeout=5, trust_env=False).is_success:
                        break
                except (httpx.HTTPError, httpx.InvalidURL):
                    continue

    def __call__(self, asked: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one HTTP request."""
        self.patience.wait(self.faults.slow)
        verb, path = asked["REQUEST_METHOD"], asked["PATH_INFO"].strip("/")
        try:
            if self.faults.dead:
                raise _Refusal(503)
            if path.startswith("trang/"):
                return _say(start, 200, self._page(verb, path.removeprefix("trang/"), asked))
            if verb == "POST" and path in ("khoi-tao", "tra-cuu", "doi-soat"):
                return self._answer(path, asked, start)
            raise _Refusal(404)
        except _Refusal as refusal:
            return _say(start, refusal.status, _PAGE.format(title="Không có trang này", content=""))

    def _answer(self, what: str, asked: dict[str, Any], start: Start) -> Iterable[bytes]:
        body = _body(asked)
        if not genuine(str(asked.get("HTTP_X_CHU_KY", "")), what, body, self.key):
            raise _Refusal(401)
        host = f"{asked['wsgi.url_scheme']}://{asked['HTTP_HOST']}"
        try:
            words = json.loads(body)
            said = {"error_code": "0", **{name: word for name, word in self._done(what, words, host).items()}}
        except (ValueError, KeyError, TypeError, RecursionError):
            said = {"error_code": "1"}
        answer = b"<p>Bao tri</p>" if self.faults.wrong else json.dumps(said).encode()
        signature = sign(answer_to(body), answer, "x" if self.faults.forged else self.key)
        start("200 Answer", [("Content-Type", "application/json"), (HEAD, signature)])
        return [answer]

    def _done(self, what: str, words: dict[str, Any], host: str) -> dict[str, Any]:
        with self._lock:
            if what == "doi-soat":
                day = words["Ngay"]
                paid = [kept for kept in self.orders.values() if kept.at and f"{kept.at:%Y-%m-%d}" == day]
                return {"Ngay": day, "GiaoDich": [kept.said() for kept in paid]}
            code = words["MaTraCuuTT"]
            kept = self.orders.get(code)
            if what == "tra-cuu":
                return kept.said() if kept else {"MaTraCuuTT": code, "TrangThai": str(State.UNKNOWN)}
            order = {name: word for name, word in words.items() if name != "MaYeuCau"}
            if kept is None:
                if order["SoTien"] <= 0 or not order["UrlTraVe"] or not order["UrlThongBao"]:
                    raise ValueError
                kept = self.orders[code] = Kept(order)
                for old in list(self.orders)[:-_MOST]:
                    del self.orders[old]
            elif kept.words != order:
                raise ValueError
            return {"MaTraCuuTT": code, "UrlThanhToan": f"{host}/trang/{kept.token}"}

    def _page(self, verb: str, token: str, asked: dict[str, Any]) -> str:
        kept = next((each for each in self.orders.values() if each.token == token), None)
        if kept is None:
            raise _Refusal(404)
        if kept.state is State.PENDING and datetime.now(ZONE) > datetime.fromisoformat(
            kept.words["HanThanhToan"]
        ):
            kept.state = State.FAILED
        if verb == "POST" and kept.state is State.PENDING:
            chosen = parse_qs(_body(asked).decode(errors="replace")).get("chon", [""])[0]
            if chosen == "huy":
                kept.state = State.FAILED
            elif chosen in ("tra", "lang"):
                self.take(str(kept.words["MaTraCuuTT"]))
            if chosen in ("tra", "huy") and not self.faults.silent:
                threading.Thread(target=self.tell, args=[replace(kept)], daemon=True).start()
        return _shown(kept)


def _shown(kept: Kept) -> str:
    words = {name: escape(str(word)) for name, word in kept.words.items()}
    amount = f"{kept.words['SoTien']:,}".replace(",", ".")
    if kept.state is State.PENDING:
        content = escape("; ".join(item["TenPhiLePhi"] for item in kept.words["PhiLePhi"]))
        return _PAGE.format(
            title="Xác nhận trả tiền", content=_ASK.format(**words, content=content, amount=amount)
        )
    paid = kept.state is State.PAID
    title = "Đã trả tiền" if paid else "Chưa trả tiền"
    said = f"Đã trả {amount} đồng." if paid else "Không có khoản tiền nào được trả."
    return _PAGE.format(title=title, content=_DONE.format(words=said, back=words["UrlTraVe"]))


def _body(asked: dict[str, Any]) -> bytes:
    length = str(asked.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > _LONGEST:
        raise _Refusal(413)
    return bytes(asked["wsgi.input"].read(int(length)))


def _say(start: Start, status: int, words: str) -> list[bytes]:
    start(f"{status} Answer", [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")])
    return [words.encode()]


if __name__ == "__main__":
    twins.serve_until_stopped(Twin(key=settings.PAYMENT_KEY), *sys.argv[1:3])
