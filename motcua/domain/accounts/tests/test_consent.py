"""Claim by claim: what is needed, what is voluntary, what was verified and how."""

import json
from datetime import UTC, datetime

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.base import events
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import grants
from motcua.domain.accounts.rules import verified
from motcua.domain.accounts.rules.requests import Fault
from motcua.domain.accounts.tests.conftest import AT, HERE, ask, redeem, register, told

SCOPES = ("openid", "profile", "phone")
WANTED = ["openid", "profile", "phone", "citizen_number"]


@pytest.fixture
def client(client):
    return register(
        scopes=WANTED, voluntary=["phone_number", "gender"], reasons={"name": "để ghi vào giấy hẹn"}
    )[0]


def agree(client, session, ticked=(), scopes=SCOPES):
    me = queries.actor_of(session)
    return grants.agree(session=session, request=ask(client, scopes=scopes), ticked=ticked, by=me, at=AT)


def entered(client, session, **changes):
    me = queries.actor_of(session)
    request = ask(client, scopes=SCOPES, **changes)
    tokens = redeem(client, grants.answer(request=request, session=session, by=me, at=AT))
    return told(tokens.access_token)


# ---------------------------------------------------------------- voluntary


def test_what_is_not_ticked_is_not_told_and_not_written_down_as_told(client, session):
    agree(client, session)
    assert set(entered(client, session)) == {"sub", "name", "birthdate", "account_level"}
    shared = [one for one in events.history(session.account.subject) if one.name == "client.enter"]
    assert shared[-1].data["claims"] == ["name", "birthdate", "account_level"]


def test_what_is_ticked_is_told(client, session):
    agree(client, session, ["phone_number"])
    facts = entered(client, session)
    assert facts["phone_number"] == "0900000017" and "gender" not in facts


@pytest.mark.parametrize("ticked", [["citizen_number"], ["everything"], ["\0"], ["name"] * 50])
def test_ticking_what_was_not_offered_opens_nothing(client, session, ticked):
    agree(client, session, ticked)
    assert set(entered(client, session)) == {"sub", "name", "birthdate", "account_level"}


def test_who_left_a_row_unticked_is_not_asked_again_until_the_client_needs_it(client, session):
    agree(client, session)
    assert {"phone_number", "gender"} <= queries.standing(session, client).decided
    stricter = register(scopes=WANTED, voluntary=["gender"])[0]
    assert "phone_number" not in queries.standing(session, stricter).decided


def test_a_later_answer_replaces_the_earlier_one_row_by_row(client, session):
    agree(client, session, ["phone_number", "gender"])
    agree(client, session, ["gender"])
    assert "phone_number" not in entered(client, session)
    agree(client, session, [], scopes=("openid", "citizen_number"))
    assert entered(client, session)["gender"] == "female"  # was not asked about this time


@pytest.mark.parametrize(
    "changes",
    [{"voluntary": ["citizen_number"]}, {"reasons": {"salary": "x"}}, {"voluntary": ["sub"]}],
)
def test_no_client_is_registered_with_reasons_for_what_it_cannot_have(db, changes):
    with pytest.raises(Refused):
        register(scopes=["openid", "profile"], redirect_uris=[HERE], **changes)


# ---------------------------------------------------------------- verified claims

ANY = {"verification": {"trust_framework": None}, "claims": {"name": None}}
FORM = {"userinfo": {"verified_claims": ANY}}
#: the parts of the schema of OpenID Connect for Identity Assurance 1.0 that are spoken here
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["verified_claims"],
    "properties": {
        "verified_claims": {
            "type": "object",
            "required": ["verification", "claims"],
            "additionalProperties": False,
            "properties": {
                "verification": {
                    "type": "object",
                    "required": ["trust_framework", "assurance_level", "time", "evidence"],
                    "additionalProperties": False,
                    "properties": {
                        "trust_framework": {"const": "vn_population_register"},
                        "assurance_level": {"enum": ["level1", "level2"]},
                        "time": {"type": "string", "format": "date-time"},
                        "evidence": {
                            "type": "array",
                            "minItems": 1,
                            "items": {
                                "type": "object",
                                "required": ["type", "record", "check_details"],
                                "properties": {
                                    "type": {"const": "electronic_record"},
                                    "time": {"type": "string", "format": "date-time"},
                                    "check_details": {
                                        "type": "array",
                                        "minItems": 1,
                                        "items": {
                                            "type": "object",
                                            "required": ["check_method"],
                                            "properties": {"check_method": {"enum": ["data", "vpip"]}},
                                        },
                                    },
                                    "record": {
                                        "type": "object",
                                        "required": ["type", "source"],
                                        "properties": {"type": {"const": "population_register"}},
                                    },
                                },
                            },
                        },
                    },
                },
                "claims": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
            },
        }
    },
}


def read(form, opened=("name", "birthdate", "phone_number")):
    return verified.read(form if isinstance(form, str) else json.dumps(form), opened=opened)


def test_verified_claims_come_with_how_they_were_verified(client, session):
    agree(client, session)
    facts = entered(client, session, verified=("name", "birthdate"))
    jsonschema_rs.validator_for(SCHEMA, validate_formats=True).validate(facts)
    assert facts["verified_claims"]["claims"] == {"name": facts["name"], "birthdate": facts["birthdate"]}
    assert facts["verified_claims"]["verification"]["assurance_level"] == "level2"


def test_they_are_not_told_when_nobody_asked_or_nobody_agreed(client, session):
    agree(client, session)
    assert "verified_claims" not in entered(client, session)
    assert "verified_claims" not in entered(client, session, verified=("gender",))


@pytest.mark.parametrize("level", [1, 2])
def test_the_level_of_the_account_says_how_sure(level):
    at = datetime(2026, 7, 1, tzinfo=UTC)
    facts = verified.told({"name": "A"}, ["name", "gender"], level=level, opened_at=at)
    jsonschema_rs.validator_for(SCHEMA, validate_formats=True).validate(facts)
    assert facts["verified_claims"]["verification"]["assurance_level"] == f"level{level}"


def test_the_one_form_is_read():
    assert read(FORM) == ("name",)
    framework = {"trust_framework": {"value": "vn_population_register"}}
    inner = {"verification": framework, "claims": {"birthdate": None, "name": None}}
    assert read({"userinfo": {"verified_claims": inner}}) == ("name", "birthdate")
    assert read("") == ()


def inside(**changes):
    return {"userinfo": {"verified_claims": {**ANY, **changes}}}


@pytest.mark.parametrize(
    "form",
    [
        "{",
        "[]",
        "null",
        "1",
        "[" * 5000,
        " " * 3000,
        "{}",
        {"id_token": {"acr": None}},
        {"userinfo": None},
        {"userinfo": {"name": None}},
        {**FORM, "id_token": {}},
        {"userinfo": {"verified_claims": [ANY]}},
        inside(claims={}),
        inside(claims=None),
        inside(claims=["name"]),
        inside(claims={"name": {"essential": True}}),
        inside(claims={"gender": None}),  # no scope opens it
        inside(claims={"phone_number": None}),  # nobody verified it
        inside(claims={"salary": None}),
        inside(verification={}),
        inside(verification=None),
        inside(verification={"trust_framework": "eidas"}),
        inside(verification={"trust_framework": {"value": "eidas"}}),
        inside(verification={"trust_framework": None, "evidence": []}),
        inside(more={}),
    ],
)
def test_any_other_form_is_refused(form):
    with pytest.raises(Fault) as fault:
        read(form)
    assert fault.value.code == "invalid_request"


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=5), lambda i: st.dictionaries(
    st.sampled_from(["userinfo", "verified_claims", "verification", "claims", "trust_framework", "name"]), i
), max_leaves=8))  # fmt: skip
def test_no_form_breaks_the_reading(form):
    try:
        assert set(read(form)) <= {"name", "birthdate"}
    except Fault as fault:
        assert fault.code == "invalid_request"
