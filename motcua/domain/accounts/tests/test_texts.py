import re

import pytest

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.base.models import Event
from motcua.base.twins import serve
from motcua.connectors.sms.twin import Twin
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, messages, passkeys, sessions, texts
from motcua.domain.accounts.models import Account, Message, TextCode
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.tests.conftest import AT, later, log_in, names


@pytest.fixture
def gateway(settings):
    twin = Twin()
    with serve(twin) as settings.SMS_URL:
        yield twin


@pytest.fixture
def begun(holder):
    return log_in(holder(app=False))


def send(session, at=AT):
    return texts.send_code(session=session, by=queries.actor_of(session), at=at)


def deliver(at=AT):
    for message in Message.objects.filter(sent_at=None):
        messages.deliver(message=message, by=SYSTEM, at=at)


def confirm(session, code, at=AT):
    return sessions.confirm(session=session, code=code, by=queries.actor_of(session), at=at)


def code_in(gateway):
    return re.search(r"\d{6}", gateway.outbox[-1].text)[0]


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


# ---------------------------------------------------------------- messages


def test_a_text_is_sent_once_by_the_workers_and_its_words_are_then_gone(gateway, holder, work):
    account = holder().account
    message = messages.send(account=account, about="notice", words="Tài khoản đã khóa", by=SYSTEM, at=AT)
    assert not gateway.outbox and b"0900000017" not in bytes(message.body)
    work()
    messages.deliver(message=message, by=SYSTEM, at=later(minutes=1))
    assert [(one.to, one.text) for one in gateway.outbox] == [("0900000017", "Tài khoản đã khóa")]
    message.refresh_from_db()
    assert message.sent_at and not bytes(message.body)
    assert names(account)[-2:] == ["message.queue", "message.send"]


def test_a_dead_gateway_is_tried_again(gateway, holder, work):
    messages.send(account=holder().account, about="notice", words="Xin chào", by=SYSTEM, at=AT)
    gateway.be(dead=True)
    with pytest.raises(Exception, match="503"):
        work()
    gateway.be()
    work()
    assert len(gateway.outbox) == 1


def test_a_text_that_comes_too_late_is_not_sent(gateway, holder):
    message = messages.send(
        account=holder().account, about="code", words="Mã", good_until=later(minutes=10), by=SYSTEM, at=AT
    )
    messages.deliver(message=message, by=SYSTEM, at=later(minutes=10))
    assert message.failed_at and not gateway.outbox


def test_a_gateway_that_refuses_is_not_asked_again(gateway, holder):
    message = messages.send(account=holder().account, about="notice", words="a" * 501, by=SYSTEM, at=AT)
    assert messages.deliver(message=message, by=SYSTEM, at=AT).failed_at
    assert names(message.account)[-1] == "message.fail"


def test_nobody_is_written_to_without_a_phone(holder):
    account = holder().account
    account.phone = ""
    with pytest.raises(Refused, match="chưa có số điện thoại"):
        messages.send(account=account, about="notice", words="Xin chào", by=SYSTEM, at=AT)
    assert not Message.objects.exists()


def test_no_log_holds_the_code_or_the_phone(gateway, begun):
    send(begun)
    deliver()
    code = code_in(gateway)
    told = " ".join(f"{one.note} {one.data}" for one in Event.objects.all())
    assert code not in told and "0900000017" not in told
    assert code.encode() not in bytes(TextCode.objects.get().hash)


# ---------------------------------------------------------------- codes


def test_a_code_by_text_raises_the_log_in_to_level_2(gateway, begun):
    send(begun)
    deliver()
    assert confirm(begun, code_in(gateway)).methods == ["pwd", "sms"]
    assert begun.assurance == 2


def test_a_code_works_once(gateway, begun):
    send(begun)
    deliver()
    confirm(begun, code_in(gateway))
    with pytest.raises(Refused):
        confirm(begun, code_in(gateway))


def test_a_code_is_over_after_ten_minutes(gateway, begun):
    send(begun)
    deliver()
    with pytest.raises(Refused):
        confirm(begun, code_in(gateway), at=later(minutes=10))


def test_a_newer_code_ends_the_one_before(gateway, begun):
    send(begun)
    deliver()
    first = code_in(gateway)
    send(begun)
    deliver()
    if first != code_in(gateway):
        with pytest.raises(Refused):
            confirm(begun, first)
    assert TextCode.objects.filter(ended_at=None).count() <= 1


def test_ten_wrong_guesses_end_a_code(gateway, begun):
    send(begun)
    deliver()
    code = code_in(gateway)
    for number in range(10):
        with pytest.raises(Refused):
            confirm(begun, wrong(code), at=later(seconds=number))
    sent = TextCode.objects.get()
    assert sent.tries == 10 and sent.ended_at


def test_a_code_opens_only_the_log_in_it_was_asked_from(gateway, begun):
    send(begun)
    deliver()
    other = sessions.log_in(
        number="080190000017", password="bảy con vịt vàng bơi", address="::2", by=SYSTEM, at=AT
    )
    with pytest.raises(Refused):
        confirm(other, code_in(gateway))


def test_texts_are_sent_sparingly(gateway, begun):
    for _time in range(3):
        send(begun)
    with pytest.raises(Refused, match="quá nhiều lần"):
        send(begun)
    assert Message.objects.count() == 3
    send(begun, at=later(minutes=11))


def test_whoever_has_an_app_gets_no_text_unless_they_wish(gateway, holder):
    who = holder()
    begun = log_in(who)
    with pytest.raises(Refused, match="không nhận mã qua tin nhắn"):
        send(begun)
    with pytest.raises(Refused):
        texts.allow(session=begun, by=queries.actor_of(begun), at=AT)
    strong = confirm(begun, who.code(AT))
    texts.allow(session=strong, by=queries.actor_of(strong), at=AT)
    send(strong)
    texts.forbid(session=strong, by=queries.actor_of(strong), at=AT)
    deliver()
    with pytest.raises(Refused):
        confirm(strong, code_in(gateway))
    assert {"account.allow_texts", "account.forbid_texts"} <= set(names(who.account))


def test_a_locked_account_gets_no_text_and_its_code_opens_nothing(gateway, begun):
    send(begun)
    deliver()
    accounts.lock(account=begun.account, ground=Ground.AUTHORITY, by=SYSTEM, at=AT)
    with pytest.raises(Refused):
        confirm(begun, code_in(gateway))
    with pytest.raises(Refused):
        send(begun)


def test_an_officer_at_a_desk_has_no_code_sent_to_somebody_else(gateway, begun):
    officer = Actor(name="Cán bộ", roles=frozenset({Role.CITIZEN, Role.IDENTITY_OFFICER}), person=-1)
    with pytest.raises(Account.DoesNotExist):
        texts.send_code(session=begun, by=officer, at=AT)


def test_without_a_gateway_there_are_no_codes_by_text(settings, begun):
    settings.SMS_URL = ""
    assert queries.reachable(begun.account) == 1
    with pytest.raises(Refused):
        send(begun)


def test_a_code_by_text_is_enough_to_add_something_better(gateway, begun):
    send(begun)
    deliver()
    confirm(begun, code_in(gateway))
    assert passkeys.begin_adding(session=begun, by=queries.actor_of(begun), at=AT)
    assert not list(events.broken(begun.account.subject))
