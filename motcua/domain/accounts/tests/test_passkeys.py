import json
import os
from datetime import timedelta

import pytest

from motcua.base import secrets
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, grants, passkeys, sessions
from motcua.domain.accounts.models import Account, Challenge, Passkey
from motcua.domain.accounts.rules import passkeys as rules
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.tests.conftest import AT, log_in, names
from motcua.domain.accounts.tests.device import BE, BS, UP, UV, Device

LATER = AT + timedelta(minutes=1)
ELSEWHERE = "https://testserver.lua-dao.test"


def me(session):
    return queries.actor_of(session)


def begun(at=AT):
    made = passkeys.begin_log_in(address="203.0.113.9", by=NOBODY, at=at)
    return made.key, queries.value_of(made)


def enter(key, answer, *, at=LATER, **words):
    return passkeys.log_in(key=key, answer=answer, address="203.0.113.9", **words, by=NOBODY, at=at)


def add(session, device, *, at=AT, name="Điện thoại", **words):
    made = passkeys.begin_adding(session=session, by=me(session), at=at)
    answer = device.make(queries.value_of(made), queries.handle_of(session.account), **words)
    return passkeys.add(session=session, key=made.key, answer=answer, name=name, by=me(session), at=at)


@pytest.fixture
def device(session):
    device = Device()
    add(session, device)
    return device


def test_a_passkey_opens_a_log_in_of_level_2_without_number_or_password(session, device):
    key, value = begun()
    opened = enter(key, device.use(value))
    assert opened.account == session.account and opened.pk != session.pk
    assert opened.methods == ["pop", "uv"] and opened.assurance == 2
    mine = queries.passkeys(me(session)).get()
    assert (mine.sign_count, mine.used_at, mine.name) == (1, LATER, "Điện thoại")
    assert mine.transports == ["internal", "hybrid"] and not mine.synced
    assert names(session.account)[-2:] == ["passkey.add", "session.open"]


def test_a_typed_number_must_be_that_of_the_passkey(session, device):
    key, value = begun()
    assert enter(key, device.use(value), number="080190000017").account == session.account
    key, value = begun()
    with pytest.raises(Refused, match="không thuộc số định danh"):
        enter(key, device.use(value), number="080190000018")


def test_a_passkey_raises_the_log_in_of_the_same_person(holder, session, device):
    key, value = begun()
    again = enter(key, device.use(value), current=session)
    assert again.pk == session.pk and again.methods == ["pop", "uv"]


def test_a_passkey_makes_level_2_reachable(holder):
    who = holder(app=False)
    assert queries.reachable(who.account) == 1
    words = {"credential_id": b"i", "public_key": b"k", "sign_count": 0, "synced": False, "backed_up": False}
    Passkey.objects.create(account=who.account, name="A", added_at=AT, **words)
    assert queries.reachable(who.account) == 2


def test_synced_passkeys_without_a_counter_go_on_working(session):
    device = Device()
    assert add(session, device, flags=UP | UV | BE).synced
    for _time in range(2):
        key, value = begun()
        enter(key, device.use(value, count=0, flags=UP | UV | BE | BS))
    assert queries.passkeys(me(session)).get().backed_up


@pytest.mark.parametrize(
    "words",
    [
        {"origin": ELSEWHERE},
        {"origin": "https://testserver"},
        {"origin": "http://testserver:81"},
        {"party": ELSEWHERE},
        {"flags": UP},
        {"flags": UV},
        {"kind": "webauthn.create"},
        {"signature": bytes(70)},
        {"signature": b""},
        {"userHandle": b"somebody else"},
        {"userHandle": b""},
        {"authenticatorData": b""},
    ],
)
def test_a_use_that_proves_too_little_is_refused_and_costs_the_passkey_nothing(session, device, words):
    key, value = begun()
    with pytest.raises(Refused, match="không được chấp nhận"):
        enter(key, device.use(value, **words))
    kept = queries.passkeys(me(session)).get()
    assert kept.sign_count == 0 and kept.locked_at is None and kept.used_at is None


@pytest.mark.parametrize(
    "words",
    [{"origin": ELSEWHERE}, {"flags": UP}, {"flags": UV}, {"kind": "webauthn.get"}],
)
def test_a_passkey_made_elsewhere_or_without_verifying_its_holder_is_not_added(session, words):
    with pytest.raises(Refused, match="không tạo được"):
        add(session, Device(), **words)
    assert not queries.passkeys(me(session)).exists()


def test_an_answer_to_another_challenge_is_refused(device):
    key, _value = begun()
    with pytest.raises(Refused, match="không được chấp nhận"):
        enter(key, device.use(os.urandom(32)))


def test_an_answer_works_once(session, device):
    key, value = begun()
    answer = device.use(value)
    enter(key, answer)
    with pytest.raises(Refused, match="đã dùng"):
        enter(key, answer)
    with pytest.raises(Refused, match="không được chấp nhận"):
        enter(begun()[0], answer)
    assert queries.passkeys(me(session)).get().locked_at is None


def test_a_challenge_is_spent_by_a_wrong_answer(device):
    key, value = begun()
    with pytest.raises(Refused):
        enter(key, "{}")
    with pytest.raises(Refused, match="đã dùng"):
        enter(key, device.use(value))


def test_a_challenge_lives_five_minutes(device):
    key, value = begun()
    with pytest.raises(Refused, match="hết hạn"):
        enter(key, device.use(value), at=AT + timedelta(minutes=5))
    key, value = begun()
    assert enter(key, device.use(value), at=AT + timedelta(minutes=4, seconds=59))


def test_a_challenge_for_adding_opens_nothing_and_the_other_way_round(session, device):
    made = passkeys.begin_adding(session=session, by=me(session), at=AT)
    with pytest.raises(Refused, match="hết hạn"):
        enter(made.key, device.use(queries.value_of(made)))
    key, value = begun()
    answer = Device().make(value, queries.handle_of(session.account))
    with pytest.raises(Refused, match="hết hạn"):
        passkeys.add(session=session, key=key, answer=answer, name="", by=me(session), at=AT)


def test_a_challenge_of_one_log_in_adds_nothing_to_another(holder, session):
    made = passkeys.begin_adding(session=session, by=me(session), at=AT)
    who = holder("080190000025")
    other = sessions.confirm(session=log_in(who), code=who.code(AT), by=NOBODY, at=AT)
    answer = Device().make(queries.value_of(made), queries.handle_of(other.account))
    with pytest.raises(Refused, match="hết hạn"):
        passkeys.add(session=other, key=made.key, answer=answer, name="", by=me(other), at=AT)


def test_a_device_that_nobody_knows_is_refused(device):
    stranger = Device()
    stranger.handle = device.handle
    key, value = begun()
    with pytest.raises(Refused, match="không được chấp nhận"):
        enter(key, stranger.use(value))


def test_another_key_cannot_pass_for_a_known_passkey(session, device):
    forged = Device()
    forged.id, forged.handle = device.id, device.handle
    key, value = begun()
    with pytest.raises(Refused, match="không được chấp nhận"):
        enter(key, forged.use(value))
    assert names(session.account)[-1] == "session.fail"


@pytest.mark.parametrize("count", [0, 4, 5])
def test_a_counter_that_does_not_grow_locks_the_passkey_and_says_so(session, device, count):
    key, value = begun()
    enter(key, device.use(value, count=5))
    key, value = begun()
    with pytest.raises(Refused, match="sao chép"):
        enter(key, device.use(value, count=count))
    assert queries.passkeys(me(session)).get().locked_at == LATER
    assert names(session.account)[-1] == "passkey.lock"
    key, value = begun()
    with pytest.raises(Refused, match="sao chép"):
        enter(key, device.use(value, count=50))


def test_nobody_can_lock_a_passkey_without_its_key(session, device):
    key, value = begun()
    enter(key, device.use(value, count=5))
    key, value = begun()
    with pytest.raises(Refused, match="không được chấp nhận"):
        enter(key, device.use(value, count=1, signature=bytes(70)))
    assert queries.passkeys(me(session)).get().locked_at is None


def test_a_locked_account_is_not_entered(session, device):
    accounts.lock(account=session.account, ground=Ground.HOLDER, by=SYSTEM, at=AT)
    key, value = begun()
    with pytest.raises(Refused, match="không dùng được"):
        enter(key, device.use(value))


def test_a_removed_passkey_opens_nothing_and_stays_known(session, device):
    mine = queries.passkeys(me(session)).get()
    passkeys.remove(passkey=mine, session=session, by=me(session), at=AT)
    key, value = begun()
    with pytest.raises(Refused, match="không được chấp nhận"):
        enter(key, device.use(value))
    with pytest.raises(Refused, match="đã được thêm"):
        add(session, device)


def test_other_peoples_passkeys_are_out_of_reach(holder, session, device):
    mine, who = queries.passkeys(me(session)).get(), holder("080190000025")
    other = sessions.confirm(session=log_in(who), code=who.code(AT), by=NOBODY, at=AT)
    assert not queries.passkeys(me(other)).exists()
    with pytest.raises(Account.DoesNotExist):
        passkeys.rename(passkey=mine, name="Của tôi", by=me(other), at=AT)
    with pytest.raises(Passkey.DoesNotExist):
        passkeys.remove(passkey=mine, session=other, by=me(other), at=AT)


def test_a_password_alone_or_proof_of_long_ago_changes_nothing(holder, session, device):
    mine = queries.passkeys(me(session)).get()
    with pytest.raises(Refused, match="xác thực lại"):
        passkeys.begin_adding(session=session, by=me(session), at=AT + timedelta(minutes=16))
    weak = log_in(holder("080190000025", app=False))
    with pytest.raises(Refused, match="xác thực lại"):
        passkeys.begin_adding(session=weak, by=me(weak), at=AT)
    with pytest.raises(Refused, match="xác thực lại"):
        late = AT + timedelta(minutes=16)
        passkeys.remove(passkey=mine, session=session, by=me(session), at=late)


def test_ten_passkeys_are_enough(session):
    for _number in range(rules.MOST):
        add(session, Device())
    with pytest.raises(Refused, match="nhiều khóa"):
        add(session, Device())


def test_names_are_one_printable_line(session, device):
    mine = queries.passkeys(me(session)).get()
    mine = passkeys.rename(passkey=mine, name=" Máy\n của\0 mẹ " + "x" * 99, by=me(session), at=AT)
    assert mine.name.startswith("Máy của mẹ x") and len(mine.name) == 60
    assert passkeys.rename(passkey=mine, name=" \n", by=me(session), at=AT).name == mine.name


def test_a_passkey_is_offered_once_to_those_who_typed_both_steps(session):
    assert queries.passkey_offer_due(session)
    passkeys.decline(account=session.account, by=me(session), at=AT)
    session.account.refresh_from_db()
    assert not queries.passkey_offer_due(session)


def test_challenges_are_forgotten(db):
    begun()
    grants.forget(by=SYSTEM, at=AT + timedelta(days=2))
    assert not Challenge.objects.exists()


def test_a_storm_of_challenges_is_stopped(db):
    with pytest.raises(Refused, match="quá nhiều lần"):
        for _number in range(301):
            begun()


ANSWERS = ["", "{}", "[]", "null", "1", '"a"', "{", "\0", '{"id": 1}', "[" * 3000, "x" * 20_001]


@pytest.mark.parametrize("answer", ANSWERS)
def test_nonsense_is_refused_in_words(session, device, answer):
    with pytest.raises(Refused, match="không được chấp nhận"):
        enter(begun()[0], answer)
    made = passkeys.begin_adding(session=session, by=me(session), at=AT)
    with pytest.raises(Refused, match="không tạo được"):
        passkeys.add(session=session, key=made.key, answer=answer, name="", by=me(session), at=AT)


JUNK = [None, 0, [], {}, "", "=", "é", "AA", "////", "A" * 5000, "\ud800"]


def test_no_field_of_an_answer_can_be_turned_into_a_crash():
    device, value, here = Device(), os.urandom(32), rules.party("http://testserver")
    for answer in (device.make(value, b"h"), device.use(value)):
        told = json.loads(answer)
        fields = [(told, name) for name in told] + [(told["response"], name) for name in told["response"]]
        for place, name in fields:
            kept = place[name]
            for junk in JUNK:
                place[name] = junk
                text = json.dumps(told)
                for check in (rules.claimed, _new(value, here), _use(value, here)):
                    try:
                        check(text)
                    except rules.Unproven:
                        continue
            place[name] = kept


def _new(value, here):
    return lambda text: rules.verify_new(text, challenge=value, party=here)


def _use(value, here):
    return lambda text: rules.verify_use(text, challenge=value, party=here, public_key=b"\xa0")


def test_an_answer_cut_short_anywhere_is_refused():
    device, value, here = Device(), os.urandom(32), rules.party("http://testserver")
    told = json.loads(device.make(value, b"h"))
    whole = told["response"]["attestationObject"]
    for length in range(0, len(whole), 3):
        told["response"]["attestationObject"] = whole[:length]
        with pytest.raises(rules.Unproven):
            rules.verify_new(json.dumps(told), challenge=value, party=here)


@pytest.mark.parametrize(
    ("url", "origin", "name"),
    [
        ("https://dinh-danh.test", "https://dinh-danh.test", "dinh-danh.test"),
        ("http://127.0.0.1:8100", "http://localhost:8100", "localhost"),
    ],
)
def test_passkeys_are_tied_to_the_name_of_the_site(url, origin, name):
    assert rules.party(url) == rules.Party(origin, name)


def test_what_a_device_is_told_names_no_number(session):
    handle = queries.handle_of(session.account)
    words = {"site": "Định danh", "name": "Lan", "handle": handle, "challenge": b"c" * 32, "known": [b"k"]}
    told = rules.ask_new(rules.party("http://testserver"), **words)
    assert "080190000017" not in told and json.loads(told)["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert len(handle) <= 64 and str(session.account_id).encode() != handle
    asked = json.loads(rules.ask_use(rules.party("http://testserver"), challenge=b"c" * 32))
    assert asked["userVerification"] == "required" and not asked.get("allowCredentials")


def test_challenges_are_sealed_in_their_place(session):
    made = passkeys.begin_adding(session=session, by=me(session), at=AT)
    other = passkeys.begin_adding(session=session, by=me(session), at=AT)
    made.value = other.value
    with pytest.raises(secrets.Unreadable):
        queries.value_of(made)
