"""The twin and the real register hold to one contract; commands alone lead to the real one from here."""

import io
import json
import uuid
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.apps import apps
from django.core.management import call_command
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from motcua.base import jose
from motcua.base.text import fold
from motcua.connectors.population import Denied, Purpose, Record, Sought, Unavailable, Unknown, signatures
from motcua.connectors.population.client import Register
from motcua.connectors.population.people import DECEASED, FATHER, NOBODY
from motcua.connectors.population.signatures import Question
from motcua.connectors.population.twin import Twin

CLIENT, SECRET = "VN/GOV/80/motcua", "only for tests: POPULATION_KEY"
KEY, ANSWERS = jose.derived_key(SECRET), jose.derived_key("only for tests: REGISTER_KEY")
URL = "http://testserver/dan-cu/v1"
DIGEST_OF_ANOTHER = f"sha-256=:{'A' * 43}=:"
WITHOUT_DOSSIER = (
    "@method",
    "@target-uri",
    "content-type",
    "content-digest",
    *(f"x-road-{name}" for name in ("client", "id", "represented-party", "userid")),
)
NAMES = [part.name for part in fields(Record) if part.name not in ("number", "refused")]
PURPOSE = Purpose(
    agency="H80.12", officer="officer:7", procedure="9.000001", dossier="H80.12-20261123-0001", basis="Luật"
)
SAID = {"age", "permanent_commune"}
NARROW = replace(PURPOSE, procedure="9.000002")
NOT_OURS = replace(PURPOSE, procedure="9.000003")
RIGHTS = f"""
name = "Tỉnh"
officer_budget = 100000
system_budget = 100000
[[right]]
procedure = "9.000001"
law = "Luật Căn cước"
attributes = {json.dumps(NAMES)}
match = ["name", "other_name", "born_on", "gender", "ethnicity", "nationality", "old_number"]
verify = ["age", "gender", "permanent_commune"]
numbers = true
status = true
find = true
[[right]]
procedure = "9.000002"
law = "Luật Căn cước"
attributes = ["name", "born_on"]
match = ["name", "born_on"]
verify = ["age"]
status = true
"""


@dataclass
class Side:
    """One side of the contract."""

    app: object
    somebody: str
    nobody: str = NOBODY

    @property
    def http(self):
        return httpx.Client(transport=httpx.WSGITransport(app=self.app))

    def client(self, **changes):
        words = {"url": URL, "client_id": CLIENT, "key": KEY, "answer_keys": [ANSWERS], "timeout": 5.0}
        return Register(**{**words, **changes}, http=self.http)

    def send(self, verb="attributes", *, body=None, heads=None, change=None, key=KEY, late=0, **words):
        """Send a message built by hand: each part can be wrong, before or after it is signed."""
        question = {"number": self.somebody, "names": ["name"], "procedure": "9.000001", "basis": "Luật"}
        raw = json.dumps(question).encode() if body is None else body
        sent = {
            "Content-Type": "application/json",
            "X-Road-Client": CLIENT,
            "X-Road-Id": str(uuid.uuid4()),
            "X-Road-Represented-Party": "GOV/H80.12",
            "X-Road-UserId": "officer:7",
            "X-Road-Issue": "H80.12-20261123-0001",
        }
        asked = Question(f"{URL}/{verb}", sent | (heads or {}))
        words.setdefault("nonce", asked.headers["X-Road-Id"])
        signatures.sign(asked, raw, key=key, at=datetime.now(UTC) + timedelta(seconds=late), **words)
        changed = asked.headers | (change or {})
        changed = {name: value for name, value in changed.items() if value is not None}
        answer = self.http.post(asked.url, content=raw, headers=changed)
        said = signatures.Answer(answer.status_code, dict(answer.headers), replace(asked, headers=changed))
        self.answer = said, answer.content
        return answer.status_code, answer.json()


def site(asked, start):
    """Serve the real site in this process, inside the test's transaction."""
    answer = ClientHandler(enforce_csrf_checks=True)(asked)
    start(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


@pytest.fixture(params=["twin", pytest.param("real", marks=pytest.mark.django_db)])
def side(request, settings, tmp_path):
    if request.param == "twin":
        rights = {"9.000001": {*NAMES, *SAID, "find"}, "9.000002": {"name", "born_on", "age"}}
        rights["9.000003"] = set()
        return Side(Twin(rights=rights), FATHER)
    settings.DEMO = True
    rights = tmp_path / "rights.toml"
    rights.write_text(RIGHTS, encoding="utf-8")
    call_command("load_population", people=400, stdout=io.StringIO())
    call_command("subscribe", rights=rights, stdout=io.StringIO())
    call_command("demo_people", stdout=(said := io.StringIO()))
    return Side(site, json.loads(said.getvalue())["parents"][0]["number"])


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
@examples(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
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


# ------------------------------------------------------------------ without a number


def sought(side, **changes):
    person = side.client().attributes(side.somebody, ["name", "born_on"], purpose=PURPOSE)
    return replace(Sought(name=person.name, born_on=person.born_on), **changes)


def test_somebody_without_a_number_is_found_chosen_and_then_read(side):
    wanted, client = sought(side), side.client()
    (found,) = client.find(wanted, purpose=PURPOSE)
    assert (found.name, found.born_year) == (wanted.name, wanted.born_on[:4])
    assert found.number == f"{side.somebody[:6]}••••••" and 90 <= found.score <= 100
    assert len(found.commune) == 5 and len(found.handle) >= 32
    assert client.choose(found.handle, purpose=PURPOSE) == side.somebody


def test_without_marks_and_in_another_order_it_is_the_same_person(side):
    wanted = sought(side)
    *first, last = fold(wanted.name).split()
    (found,) = side.client().find(replace(wanted, name=" ".join([last, *first])), purpose=PURPOSE)
    assert found.name == wanted.name


def test_a_choice_is_good_once_and_for_its_own_dossier(side):
    client = side.client()
    (found,) = client.find(sought(side), purpose=PURPOSE)
    with pytest.raises(Denied, match="not_shown"):
        client.choose(found.handle, purpose=replace(PURPOSE, dossier="H80.12-20261123-0002"))
    client.choose(found.handle, purpose=PURPOSE)
    with pytest.raises(Denied, match="not_shown"):
        client.choose(found.handle, purpose=PURPOSE)


def test_a_question_without_a_year_is_too_wide(side):
    with pytest.raises(Denied, match="too_wide"):
        side.client().find(sought(side, born_on=""), purpose=PURPOSE)


def test_nobody_found_is_an_empty_answer(side):
    assert (
        side.client().find(Sought(name="Khương Tấn Xuyến Chi", born_on="1899-01-02"), purpose=PURPOSE) == []
    )
    assert side.client().find(Sought(old_number="000000001"), purpose=PURPOSE) == []


@pytest.mark.parametrize("purpose", [NARROW, NOT_OURS])
def test_a_right_to_read_is_no_right_to_look_for_people(side, purpose):
    with pytest.raises(Denied, match="purpose_not_allowed"):
        side.client().find(sought(side), purpose=purpose)
    with pytest.raises(Denied, match="purpose_not_allowed"):
        side.client().choose("x" * 32, purpose=purpose)


@pytest.mark.parametrize(
    "wrong",
    [
        {"born_on": "15/08/1992"},
        {"commune": "x"},
        {"old_number": "12"},
        {"name": "x" * 201},
        {"number": "1"},
        {"name": 1},
    ],
)
def test_a_malformed_search_is_refused(side, wrong):
    body = json.dumps({"name": "Trần Văn An", "procedure": "9.000001", "basis": "Luật", **wrong}).encode()
    assert side.send("find", body=body)[0] == 400
    assert side.send("choose", body=body)[0] == 400
