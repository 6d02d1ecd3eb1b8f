"""The twin keeps to the wire, and the client to what it promises."""

from datetime import datetime, timedelta

import httpx
import pytest

from motcua.base.calendar import ZONE
from motcua.base.twins import serve
from motcua.connectors.payment import Denied, Forged, Item, Order, State, Unavailable, client
from motcua.connectors.payment.client import Platform
from motcua.connectors.payment.signatures import HEAD, sign
from motcua.connectors.payment.twin import Twin

KEY = "k"
NOW = datetime.now(ZONE)
CODE = "H39.27694-261123-000120261123090000"
ORDER = Order(
    code=CODE,
    dossier="H39.27694-261123-0001",
    procedure="1.001193",
    procedure_name="Đăng ký khai sinh",
    agency="H39.27694",
    agency_name="UBND phường Long An",
    payer="Trần Thị <Lan>",
    items=(Item("phí", "Phí bản sao <2>", 16_000), Item("lệ phí", "Lệ phí", 8_000)),
    until=NOW + timedelta(days=1),
    back="http://127.0.0.1:9/ho-so/",
    notice="http://127.0.0.1:9/bao-tin/",
)


@pytest.fixture
def bank():
    return Twin(key=KEY)


@pytest.fixture
def url(bank):
    with serve(bank) as url:
        yield url


def platform(url, key=KEY, timeout=30.0):
    return Platform(url, key, httpx.Client(timeout=timeout, trust_env=False))


def press(page, choice):
    return httpx.post(page, data={"chon": choice}, trust_env=False)


def test_an_order_leads_to_a_page_and_is_one_order_however_often_it_is_handed_in(url):
    first, again = (platform(url).begin(ORDER) for _ in range(2))
    assert first == again and first.startswith(f"{url}/trang/")
    page = httpx.get(first, trust_env=False).text
    assert "Ngân hàng thử nghiệm" in page and "24.000 đồng" in page
    assert "Phí bản sao &lt;2&gt;" in page
    assert platform(url).ask(CODE).state is State.PENDING


def test_a_code_cannot_be_used_for_another_sum(url):
    platform(url).begin(ORDER)
    other = Order(**{**{n: getattr(ORDER, n) for n in ORDER.__slots__}, "items": (Item("phí", "x", 1),)})
    with pytest.raises(Denied):
        platform(url).begin(other)


def test_what_was_paid_is_told_with_sum_number_and_time_and_stands_in_the_days_list(url):
    page = platform(url).begin(ORDER)
    assert "Đã trả 24.000 đồng" in press(page, "lang").text
    said = platform(url).ask(CODE)
    assert (said.state, said.amount) == (State.PAID, 24_000)
    assert said.reference.startswith("NHTN") and said.paid_at.utcoffset() is not None
    assert platform(url).day(said.paid_at.date()) == [said]
    assert platform(url).day(said.paid_at.date() - timedelta(days=1)) == []
    assert "Đã trả tiền" in press(page, "huy").text, "what is paid stays paid"


def test_a_payer_who_cancels_pays_nothing_ever_after(url):
    page = platform(url).begin(ORDER)
    press(page, "huy")
    assert "Chưa trả tiền" in press(page, "tra").text
    assert platform(url).ask(CODE).state is State.FAILED


def test_an_order_that_is_too_old_takes_no_money(url):
    old = {n: getattr(ORDER, n) for n in ORDER.__slots__} | {"until": NOW - timedelta(seconds=1)}
    press(platform(url).begin(Order(**old)), "tra")
    assert platform(url).ask(CODE).state is State.FAILED


def test_a_code_that_the_platform_never_saw_is_unknown(url):
    assert platform(url).ask("H39").state is State.UNKNOWN


def test_a_stranger_is_refused(url):
    with pytest.raises(Denied, match="401"):
        platform(url, key="x").ask(CODE)


@pytest.mark.parametrize("fault", [{"dead": True}, {"wrong": True}, {"slow": 60}, {"forged": True}])
def test_an_answer_that_cannot_be_believed_is_asked_for_again_later(bank, url, fault):
    bank.be(**fault)
    for ask in (lambda p: p.begin(ORDER), lambda p: p.ask(CODE), lambda p: p.day(NOW.date())):
        with pytest.raises(Unavailable):
            ask(platform(url, timeout=0.3))
    bank.be()
    assert platform(url).begin(ORDER)


def test_an_answer_to_another_question_is_not_believed(url):
    """Somebody on the wire plays an old answer again."""
    heard = {}

    def old(request):
        answer = heard.setdefault("first", None) or httpx.post(
            request.url, content=request.content, headers={HEAD: request.headers[HEAD]}, trust_env=False
        )
        heard["first"] = answer
        return httpx.Response(200, content=answer.content, headers={HEAD: answer.headers[HEAD]})

    here = Platform(url, KEY, httpx.Client(transport=httpx.MockTransport(old)))
    assert here.ask(CODE).state is State.UNKNOWN
    with pytest.raises(Unavailable, match="wrong signature"):
        here.ask(CODE)


def test_nobody_is_led_to_a_page_elsewhere(url):
    def elsewhere(request):
        body = b'{"error_code": "0", "UrlThanhToan": "https://elsewhere.example/"}'
        signature = sign(client.answer_to(request.content), body, KEY)
        return httpx.Response(200, content=body, headers={HEAD: signature})

    with pytest.raises(Unavailable, match="wrong address"):
        Platform(url, KEY, httpx.Client(transport=httpx.MockTransport(elsewhere))).begin(ORDER)


def test_nobody_listening_is_a_platform_that_is_away():
    with pytest.raises(Unavailable):
        platform("http://127.0.0.1:9").ask(CODE)


PAID = {
    "MaTraCuuTT": CODE,
    "TrangThai": "da-thanh-toan",
    "SoTien": 24_000,
    "MaGiaoDich": "NHTN1",
    "ThoiGian": "2026-11-23T09:05:00+07:00",
}


@pytest.mark.parametrize(
    "change",
    [
        {"MaTraCuuTT": ""},
        {"MaTraCuuTT": 7},
        {"MaTraCuuTT": "a\0"},
        {"TrangThai": "xong"},
        {"TrangThai": None},
        {"SoTien": 0},
        {"SoTien": -5},
        {"SoTien": True},
        {"SoTien": "24000"},
        {"SoTien": 10**16},
        {"MaGiaoDich": " "},
        {"MaGiaoDich": "x" * 101},
        {"ThoiGian": "hôm qua"},
        {"ThoiGian": "2026-11-23T09:05:00"},
    ],
)
def test_a_payment_that_makes_no_sense_is_not_read(change):
    assert client.read(PAID).reference == "NHTN1"
    assert client.read({**PAID, **change}) is None


def test_a_notice_is_read_only_under_its_own_signature(settings):
    settings.PAYMENT_URL, settings.PAYMENT_KEY = "http://127.0.0.1:9", KEY
    body = client.json.dumps(PAID).encode()
    good = sign("thong-bao", body, KEY)
    assert client.opened(body, good).amount == 24_000
    nonsense = [(b"[1]", sign("thong-bao", b"[1]", KEY)), (b"{", sign("thong-bao", b"{", KEY))]
    stranger = [(body, sign("thong-bao", body, "x")), (body, sign("tra-cuu", body, KEY)), (body, "é")]
    for told, signature in [*nonsense, *stranger, (body.replace(b"24000", b"24001"), good), (body, "")]:
        with pytest.raises(Forged):
            client.opened(told, signature)


def test_without_a_platform_nothing_is_asked_and_no_notice_believed(settings):
    with pytest.raises(Denied):
        client.platform()
    body = client.json.dumps(PAID).encode()
    with pytest.raises(Forged):
        client.opened(body, sign("thong-bao", body, settings.PAYMENT_KEY))
