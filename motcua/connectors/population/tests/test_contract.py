"""The twin and the real register hold to one contract."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.utils import translation
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from motcua.base import jose, secrets
from motcua.connectors.population import Denied, Unavailable, Unknown, signatures
from motcua.connectors.population.people import DECEASED
from motcua.connectors.population.tests.conftest import ANSWERS, KEY, NAMES, NARROW, NOT_OURS, PURPOSE, Side
from motcua.connectors.population.twin import Twin

DIGEST_OF_ANOTHER = f"sha-256=:{'A' * 43}=:"
WITHOUT_DOSSIER = (
    "@method",
    "@target-uri",
    "content-type",
    "content-digest",
    *(f"x-road-{name}" for name in ("client", "id", "represented-party", "userid")),
)


def keys(value):
    return set(value) if value else None


def test_a_whole_record_has_the_agreed_shape(side):
    record = side.client().attributes(side.somebody, ["number", *NAMES], purpose=PURPOSE)
    assert record.number == side.somebody and record.refused == ()
    assert record.gender == "male" and record.marital_status == "married"
    assert record.born_on[:4].isdecimal() and record.name.split()[0] == record.surname
    for address in (record.permanent_address, record.current_address, record.household["address"]):
        assert keys(address) == {"province", "commune", "detail"}
    for relative in (record.father, record.mother, record.spouse):
        assert keys(relative) == {"number", "name", "nationality"}
    assert keys(record.card) == {"issued_on", "expires_on", "issued_by"}
    assert keys(record.household) == {"code", "address", "relation", "head", "members"}
    assert keys(record.household["head"]) == {"number", "name"}
    rows = record.household["members"]
    assert all(keys(row) == {"number", "name", "born_on", "gender", "relation"} for row in rows)
    me = [row for row in rows if row["number"] == side.somebody]
    assert [row["relation"] for row in me] == [record.household["relation"]] == ["head"]
    assert record.spouse["number"] in [row["number"] for row in rows]
    assert record.deceased_on == "" and record.temporary_address == {}


def test_only_what_was_asked_is_told(side):
    status, said = side.send()
    assert status == 200 and set(said["attributes"]) == {"name"}


def test_what_the_right_does_not_cover_is_named_and_not_told(side):
    record = side.client().attributes(side.somebody, ["name", "phone", "father"], purpose=NARROW)
    assert record.name and not record.phone and not record.father
    assert record.refused == ("phone", "father")


@pytest.mark.parametrize(
    ("names", "purpose", "code"),
    [
        (["name"], NOT_OURS, "purpose_not_allowed"),
        (["phone"], NARROW, "field_not_allowed"),
        (["name"], replace(PURPOSE, officer=""), "purpose_missing"),
        (["name"], replace(PURPOSE, agency=""), "purpose_missing"),
        (["name"], replace(PURPOSE, dossier=""), "purpose_missing"),
        (["name"], replace(PURPOSE, procedure=""), "purpose_missing"),
        (["name"], replace(PURPOSE, basis=""), "purpose_missing"),
        (["name"], replace(PURPOSE, officer="Trần Thị Hoa"), "purpose_missing"),
        ([], PURPOSE, "malformed"),
    ],
)
def test_a_question_without_a_good_purpose_is_denied(side, names, purpose, code):
    with pytest.raises(Denied) as denied:
        side.client().attributes(side.somebody, names, purpose=purpose)
    assert denied.value.code == code
    assert side.somebody not in denied.value.message


def test_a_refusal_is_asked_for_in_the_language_of_whoever_reads_it(side):
    said = {}
    for language in ("vi", "en"):
        with translation.override(language), pytest.raises(Denied, match="purpose_not_allowed") as denied:
            side.client().attributes(side.somebody, ["name"], purpose=NOT_OURS)
        said[language] = denied.value.message
    if isinstance(side.app, Twin):
        assert [call.language for call in side.app.calls] == ["vi", "en"]
    else:
        assert "chưa được cấp quyền" in said["vi"] and said["en"].isascii()


def test_nobody_has_an_unknown_number(side):
    with pytest.raises(Unknown) as unknown:
        side.client().attributes(side.nobody, ["name"], purpose=PURPOSE)
    assert unknown.value.message == "Không tìm thấy công dân với số định danh đã cung cấp."


def test_match_names_what_differs_and_not_what_is_held(side):
    client = side.client()
    name = client.attributes(side.somebody, ["name"], purpose=PURPOSE).name
    assert client.match(side.somebody, {"name": name, "gender": "male"}, purpose=PURPOSE).match
    found = client.match(side.somebody, {"name": name, "gender": "female"}, purpose=PURPOSE)
    assert not found.match and found.differing == ("gender",)


def test_an_unknown_number_answers_match_like_a_stranger(side):
    found = side.client().match(side.nobody, {"name": "Ai Đó", "gender": "male"}, purpose=PURPOSE)
    assert not found.match and found.differing == ("name", "gender") and found.refused == ()


def test_what_is_said_is_true_or_false(side):
    client = side.client()
    home = client.attributes(side.somebody, ["permanent_address"], purpose=PURPOSE).permanent_address
    said = [
        ("age", ">=", "18"),
        ("age", "<", "18"),
        ("gender", "=", "male"),
        ("permanent_commune", "=", home["commune"]),
        ("permanent_commune", "=", "00000"),
    ]
    assert client.verify(side.somebody, said, purpose=PURPOSE) == [True, False, True, True, False]
    assert client.verify(side.nobody, said, purpose=PURPOSE) == [False] * 5


def test_what_may_not_be_asked_is_neither_true_nor_false(side):
    said = [("age", ">=", "18"), ("gender", "=", "male")]
    assert side.client().verify(side.somebody, said, purpose=NARROW) == [True, None]
    with pytest.raises(Denied, match="field_not_allowed"):
        side.client().verify(side.somebody, said[1:], purpose=NARROW)


@pytest.mark.parametrize(
    "said",
    [
        [],
        [("age", ">=", "18")] * 6,
        [("age", "!=", "18")],
        [("age", ">=", "mười tám")],
        [("gender", "<", "male")],
        [("permanent_commune", ">", "27694")],
    ],
)
def test_both_refuse_what_makes_no_sense(side, said):
    with pytest.raises(Denied, match="malformed"):
        side.client().verify(side.somebody, said, purpose=PURPOSE)


def test_numbers_lead_from_old_to_new_and_back(side):
    new, old = side.client().numbers(side.somebody, purpose=PURPOSE)
    assert new == side.somebody
    if old:
        assert side.client().numbers(old, purpose=PURPOSE) == (new, old)
    with pytest.raises(Unknown):
        side.client().numbers("000000001", purpose=PURPOSE)


def test_status_tells_the_living_and_the_unknown(side):
    assert side.client().status(side.somebody, purpose=PURPOSE) == "alive"
    assert side.client().status(side.nobody, purpose=PURPOSE) == "unknown"


def put_account(side, state):
    """Let the holder of the number have an electronic identity in this state."""
    if isinstance(side.app, Twin):
        side.app.people[side.somebody]["account"] = state
        return
    person = apps.get_model("population", "Person").objects.get(
        number_index=secrets.blind(side.somebody, place="population_person.number")
    )
    locks = ["death"] if state == "locked" else []
    facts = {"person": person, "level": 2, "state": state, "locks": locks, "opened_at": datetime.now(UTC)}
    apps.get_model("accounts", "Account").objects.create(**facts)


@pytest.mark.parametrize("state", ["active", "locked"])
def test_an_electronic_identity_is_active_or_locked_or_none(side, state):
    assert side.client().account(side.somebody, purpose=PURPOSE) == "none"
    put_account(side, state)
    assert side.client().account(side.somebody, purpose=PURPOSE) == state
    assert side.client().account(side.nobody, purpose=PURPOSE) == "none"


def test_the_electronic_identity_needs_a_right_of_its_own(side):
    with pytest.raises(Denied, match="field_not_allowed"):
        side.client().account(side.somebody, purpose=NARROW)
    with pytest.raises(Denied, match="purpose_not_allowed"):
        side.client().account(side.somebody, purpose=NOT_OURS)
    assert side.client().status(side.somebody, purpose=NARROW) == "alive"


def test_status_says_nothing_of_an_account_that_was_not_asked_about(side):
    question = {"number": side.somebody, "procedure": "9.000001", "basis": "Luật"}
    for asked, told in ({}, None), ({"account": False}, None), ({"account": True}, "none"):
        body = json.dumps(question | asked).encode()
        assert side.send("status", body=body) == (200, {"status": "alive", "account": told})
    for wrong in ("true", 1, None, ["account"]):
        body = json.dumps(question | {"account": wrong}).encode()
        assert side.send("status", body=body)[0] == 400


def test_the_twin_knows_a_dead_man():
    assert Side(Twin(), DECEASED).client().status(DECEASED, purpose=PURPOSE) == "deceased"


def test_a_stranger_is_sent_away(side):
    with pytest.raises(Denied, match="credential"):
        side.client(key=jose.new_key()).status(side.somebody, purpose=PURPOSE)
    with pytest.raises(Denied, match="credential"):
        side.client(client_id="VN/GOV/99/ai-do").status(side.somebody, purpose=PURPOSE)


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"change": {"Signature": None}}, 401, "credential"),
        ({"change": {"Signature-Input": None}}, 401, "credential"),
        ({"change": {"Signature": "sig=:AAAA:"}}, 401, "credential"),
        ({"change": {"Signature": "sig=7"}}, 401, "credential"),
        ({"change": {"Signature": f"other=:{'A' * 86}==:"}}, 401, "credential"),
        ({"change": {"Signature": f"sig=:{'A' * 86}==:"}}, 401, "credential"),
        ({"change": {"Signature-Input": "sig=("}}, 401, "credential"),
        ({"change": {"Signature-Input": 'sig=("@method" ' * 400}}, 401, "credential"),
        ({"change": {"Authorization": "Bearer a.b.c", "Signature": None}}, 401, "credential"),
        ({"change": {"X-Road-Client": None}}, 401, "credential"),
        ({"change": {"X-Road-Client": "VN/GOV/99/ai-do"}}, 401, "credential"),
        ({"change": {"X-Road-Id": str(uuid.uuid4())}}, 401, "credential"),
        ({"change": {"X-Road-UserId": "officer:8"}}, 401, "credential"),
        ({"change": {"X-Road-Issue": "H80.12-20261123-0002"}}, 401, "credential"),
        ({"change": {"X-Road-Issue": "x" * 5000}}, 401, "credential"),
        ({"key": jose.new_key() | {"kid": KEY["kid"]}}, 401, "credential"),
        ({"key": jose.new_key()}, 401, "credential"),
        ({"tag": "khac"}, 401, "credential"),
        ({"nonce": "hai-lan"}, 401, "credential"),
        ({"heads": {"X-Road-Id": "khong-phai-uuid"}}, 401, "credential"),
        ({"covered_component_ids": WITHOUT_DOSSIER}, 401, "incomplete"),
        ({"covered_component_ids": ("@method", "@target-uri")}, 401, "incomplete"),
        ({"heads": {"Content-Digest": DIGEST_OF_ANOTHER}}, 401, "digest"),
        ({"late": -300}, 401, "clock"),
        ({"late": 300}, 401, "clock"),
        ({"expires": datetime.now(UTC) - timedelta(hours=1)}, 401, "clock"),
        ({"body": b""}, 400, "malformed"),
        ({"body": b"{"}, 400, "malformed"),
        ({"body": b"[]"}, 400, "malformed"),
        ({"body": b"\xff\xfe"}, 400, "malformed"),
        ({"body": b'{"number": 80092000011, "names": ["name"]}'}, 400, "malformed"),
        ({"body": b'{"number": "08009200001", "names": ["name"]}'}, 400, "malformed"),
        ({"body": b'{"number": "0800920000111", "names": ["name"]}'}, 400, "malformed"),
        ({"body": '{"number": "०८००९२००००११", "names": ["name"]}'.encode()}, 400, "malformed"),
        ({"body": b'{"number": "080092000011"}'}, 400, "malformed"),
        ({"body": b'{"number": "080092000011", "names": ["name"], "all": 1}'}, 400, "malformed"),
        ({"heads": {"X-Road-Issue": ""}}, 403, "purpose_missing"),
        ({"heads": {"X-Road-UserId": ""}}, 403, "purpose_missing"),
        ({"heads": {"X-Road-Represented-Party": ""}}, 403, "purpose_missing"),
    ],
)
def test_both_refuse_a_wrong_message_alike(side, wrong, status, code):
    found, said = side.send(**wrong)
    assert (found, said["code"]) == (status, code)
    assert set(said) == {"code", "message"} and said["message"].endswith(".")
    assert side.somebody not in said["message"]


def test_an_expired_key_opens_nothing(side):
    past = int(datetime.now(UTC).timestamp()) - 60
    if isinstance(side.app, Twin):
        side.app.key = KEY | {"exp": past}
    else:
        apps.get_model("population", "Subscriber").objects.update(keys=[jose.public(KEY | {"exp": past})])
    assert (side.send()[0], side.send()[1]["code"]) == (401, "key_expired")


@pytest.mark.parametrize("wrong", [{}, {"late": -300}, {"body": b"{"}, {"change": {"X-Road-Issue": "x"}}])
def test_every_answer_is_signed_for_its_question(side, wrong):
    side.send(**wrong)
    answer, content = side.answer
    signatures.check_answer(answer, content, keys=[ANSWERS], at=datetime.now(UTC))
    with pytest.raises(signatures.Forged, match="digest"):
        signatures.check_answer(answer, content + b" ", keys=[ANSWERS], at=datetime.now(UTC))
    with pytest.raises(signatures.Forged, match="credential"):
        signatures.check_answer(answer, content, keys=[KEY], at=datetime.now(UTC))
    with pytest.raises(signatures.Forged, match="clock"):
        signatures.check_answer(answer, content, keys=[ANSWERS], at=datetime.now(UTC) + timedelta(hours=1))
    side.send()
    mixed = replace(answer, request=side.answer[0].request)
    with pytest.raises(signatures.Forged, match="credential"):
        signatures.check_answer(mixed, content, keys=[ANSWERS], at=datetime.now(UTC))


def test_an_answer_of_somebody_else_is_no_answer(side):
    with pytest.raises(Unavailable, match="answer_credential"):
        side.client(answer_keys=[KEY]).status(side.somebody, purpose=PURPOSE)


def test_a_message_is_good_for_one_time_only(side):
    again = {"heads": {"X-Road-Id": str(uuid.uuid4())}}
    assert side.send(**again)[0] == 200
    assert (side.send(**again)[0], side.send(**again)[1]["code"]) == (409, "replayed")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode())
BODIES |= st.fixed_dictionaries(
    {"number": st.just("080092000011") | JSON, "names": JSON, "procedure": JSON, "basis": JSON}
).map(lambda value: json.dumps(value).encode())
HEADS = st.dictionaries(
    st.sampled_from(["X-Road-Represented-Party", "X-Road-UserId", "X-Road-Issue", "Content-Type", "Accept"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=120),
)


@given(body=BODIES, heads=HEADS, verb=st.sampled_from(["attributes", "match", "status"]))
@examples(max_examples=120)
def test_no_garbage_breaks_either_side(side, body, heads, verb):
    status, said = side.send(verb, body=body, heads=heads)
    assert status in (200, 400, 401, 403, 404, 413), said
    assert status == 200 or set(said) == {"code", "message"}
    assert "080092000011" not in json.dumps(said) and "Traceback" not in json.dumps(said)


CALLED = {
    "agency_name": "UBND phường Long Xuyên",
    "officer_name": "Trần Thị Hoa",
    "officer_role": "Cán bộ một cửa",
}


def test_both_keep_what_people_call_those_who_ask(side):
    side.client().status(side.somebody, purpose=replace(PURPOSE, **CALLED))
    if isinstance(side.app, Twin):
        assert side.app.calls[-1].called == tuple(CALLED.values())
    else:
        row = apps.get_model("population", "Usage").objects.latest("pk")
        assert (row.agency_name, row.officer_name, row.officer_role) == tuple(CALLED.values())


def test_a_name_that_is_too_long_is_cut_by_us_and_refused_by_both(side):
    long = replace(PURPOSE, officer_name="Hoa" * 100)
    assert side.client().status(side.somebody, purpose=long) == "alive"
    question = {"number": side.somebody, "names": ["name"], "procedure": "9.000001", "basis": "Luật"}
    for name in ("x" * 101, "Hoa\n", 7, None):
        status, said = side.send(body=json.dumps({**question, "officer_name": name}).encode())
        assert (status, said["code"]) == (400, "malformed")
