"""What holds on both wires, ours and the old format, at the twin and at the real register."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.utils import translation

from motcua.base import jose
from motcua.connectors.population import NOTHING, Denied, Sought, Unavailable, Unknown, Unsaid
from motcua.connectors.population.client import WIRES, Register
from motcua.connectors.population.people import DECEASED, FATHER
from motcua.connectors.population.tests.conftest import KEY, NARROW, NOT_OURS, PURPOSE, Side
from motcua.connectors.population.twin import Twin
from motcua.connectors.population.vnpt import OldFormat


@pytest.fixture(params=WIRES)
def wired(request, side):
    return replace(side, wire=WIRES[request.param])


@pytest.fixture
def old(side):
    return replace(side, wire=OldFormat)


def ask(side, *names, purpose=PURPOSE, number="", known=None, **changes):
    words = {"known": side.known if known is None else known, "purpose": purpose}
    return side.client(**changes).attributes(number or side.somebody, names, **words)


def test_only_what_was_asked_is_given(wired):
    record = ask(wired, "name", "gender")
    assert record == replace(record, number=wired.somebody, refused=())
    assert (record.name, record.gender) == (wired.known.name, "male")
    assert not record.father and not record.permanent_address and not record.marital_status


def test_a_record_has_one_shape_whichever_wire_told_it(wired):
    names = ("born_on", "marital_status", "spouse", "father", "permanent_address", "old_number", "household")
    assert ask(wired, *names).refused == ()
    told, first = ask(wired, *names), ask(replace(wired, wire=Register), *names)
    home, other = dict(told.household), dict(first.household)
    members, others = home.pop("members"), other.pop("members")
    assert replace(told, household={}) == replace(first, household={}) and home == other
    # The old format tells of members neither birth nor gender.
    assert [row.keys() for row in members] == [row.keys() for row in others]
    assert [(row["number"], row["relation"]) for row in members] == [
        (row["number"], row["relation"]) for row in others
    ]


def test_what_the_right_does_not_cover_is_not_told(wired):
    record = ask(wired, "name", "father", "household", purpose=NARROW)
    assert record.name and not record.father and not record.household


@pytest.mark.parametrize(
    ("purpose", "code"),
    [
        (NOT_OURS, "purpose_not_allowed"),
        *(
            (replace(PURPOSE, **{name: ""}), "purpose_missing")
            for name in ("officer", "agency", "dossier", "procedure")
        ),
        (replace(PURPOSE, officer="Trần Thị Hoa"), "purpose_missing"),
    ],
)
def test_a_question_without_a_good_purpose_is_denied(wired, purpose, code):
    with pytest.raises(Denied) as denied:
        ask(wired, "name", purpose=purpose)
    assert denied.value.code == code
    assert wired.somebody not in denied.value.message


def test_nobody_has_an_unknown_number(wired):
    with pytest.raises(Unknown) as unknown:
        ask(wired, "name", number=wired.nobody)
    assert unknown.value.message == "Không tìm thấy công dân với số định danh đã cung cấp."


def test_match_says_whether_name_and_birth_are_right(wired):
    client, known = wired.client(), wired.known
    right = {"name": known.name, "born_on": known.born_on}
    assert client.match(wired.somebody, right, purpose=PURPOSE).match
    found = client.match(wired.somebody, {**right, "name": "Ai Đó"}, purpose=PURPOSE)
    assert not found.match and "name" in found.differing
    stranger = client.match(wired.nobody, right, purpose=PURPOSE)
    assert not stranger.match and stranger.differing == ("name", "born_on")


def test_a_stranger_is_sent_away(wired):
    with pytest.raises(Denied, match="credential"):
        ask(wired, "name", key=jose.new_key())
    with pytest.raises(Denied, match="credential"):
        ask(wired, "name", client_id="VN/GOV/99/ai-do")


def test_an_expired_key_opens_nothing(wired):
    known, past = wired.known, int(datetime.now(UTC).timestamp()) - 60
    if isinstance(wired.app, Twin):
        wired.app.key = KEY | {"exp": past}
    else:
        apps.get_model("population", "Subscriber").objects.update(keys=[jose.public(KEY | {"exp": past})])
    with pytest.raises(Denied, match="key_expired"):
        ask(wired, "name", known=known)


def test_an_answer_of_somebody_else_is_no_answer(wired):
    with pytest.raises(Unavailable, match="answer_credential"):
        ask(wired, "name", answer_keys=[KEY])


def test_a_refusal_is_read_in_the_language_of_whoever_asks(wired):
    with translation.override("en"), pytest.raises(Denied, match="purpose_not_allowed") as denied:
        ask(wired, "name", purpose=NOT_OURS)
    assert isinstance(wired.app, Twin) or denied.value.message.isascii()


def test_the_log_says_the_same_of_who_looked_whichever_wire_was_used(wired):
    ask(wired, "name")
    if isinstance(wired.app, Twin):
        call = wired.app.calls[-1]
        said = call.verb, call.officer, call.agency, call.procedure, call.dossier
    else:
        row = apps.get_model("population", "Usage").objects.latest("pk")
        said = row.verb, row.officer, row.agency, row.procedure, row.dossier
    assert said == ("attributes", PURPOSE.officer, PURPOSE.agency, PURPOSE.procedure, PURPOSE.dossier)


# ------------------------------------------------------------------ what the old format cannot say


def test_whoever_does_not_know_name_and_birth_is_told_of_nobody(old):
    with pytest.raises(Unknown):
        ask(old, "name", known=replace(old.known, born_on="1901-01-01"))
    with pytest.raises(Unknown):
        ask(old, "household", known=replace(old.known, name="Ai Đó"))


def test_what_has_no_word_is_named_as_not_to_be_told(old):
    assert ask(old, "name", "phone", "card").refused == ("phone", "card")


def test_what_has_no_word_at_all_is_refused_in_a_sentence_and_not_sent():
    twin = Twin()
    client, home = Side(twin, FATHER, wire=OldFormat).client(), Sought(name="Nguyễn Minh Khôi")
    for question in (
        lambda: client.find(home, purpose=PURPOSE),
        lambda: client.choose("x" * 32, purpose=PURPOSE),
        lambda: client.status(FATHER, purpose=PURPOSE),
        lambda: client.account(FATHER, purpose=PURPOSE),
        lambda: client.attributes(FATHER, ["phone"], known=home, purpose=PURPOSE),
        lambda: client.attributes(FATHER, ["name"], known=home, purpose=PURPOSE),
        lambda: client.attributes(FATHER, ["name"], known=NOTHING, purpose=PURPOSE),
        lambda: client.match(FATHER, {"gender": "male"}, purpose=PURPOSE),
    ):
        with pytest.raises(Unsaid) as unsaid:
            question()
        assert unsaid.value.message.endswith(".") and FATHER not in unsaid.value.message
    assert twin.calls == []


def test_old_numbers_are_compared_too(old):
    known = old.known
    given = {"name": known.name, "born_on": known.born_on, "old_number": "000000001", "gender": "male"}
    found = old.client().match(old.somebody, given, purpose=PURPOSE)
    assert not found.match and "old_number" in found.differing and found.refused == ("gender",)


def test_somebody_dead_is_known_to_be_dead_without_a_day():
    side = Side(Twin(), DECEASED, wire=OldFormat)
    assert ask(side, "name", "deceased_on").deceased_on == "unknown"


@pytest.mark.parametrize("wrong", [{"father": {"name": 7}}, {"religion": ["Không"]}, {"nationality": 1}])
def test_an_answer_of_another_shape_is_nonsense(wrong):
    side = Side(Twin(), FATHER, wire=OldFormat)
    side.app.people[FATHER].update(wrong)
    with pytest.raises(Unavailable, match="wrong_shape"):
        ask(side, *wrong)
