from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from motcua.base import events, jose, metrics
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.connectors.identity import Registration
from motcua.connectors.identity.client import provider
from motcua.connectors.identity.twin import Twin
from motcua.domain.witness import commands, jobs, queries, rules
from motcua.domain.witness.rules import Trouble

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
HERE = "https://tinh.test/dang-nhap/tro-ve/"
GOOD = Registration(name="Tỉnh", profile="fapi", redirect_uris=(HERE,), key="k")


@pytest.fixture
def twin(db, settings):
    twin = Twin(client_id=settings.IDENTITY_CLIENT_ID)
    settings.IDENTITY_ISSUER, settings.IDENTITY_TRANSPORT = twin.issuer, twin.transport()
    key = jose.public(jose.derived_key(settings.IDENTITY_CLIENT_KEY))
    twin.registered = {"jwks": {"keys": [key]}, "redirect_uris": [provider().redirect_uri]}
    return twin


def check(days=0):
    jobs.check_registration(at=AT + timedelta(days=days))
    return queries.registration(SYSTEM)


def ends(twin, when):
    twin.registered["jwks"]["keys"][0]["exp"] = int(when.timestamp())


# ---------------------------------------------------------------- what is amiss


@pytest.mark.parametrize(
    ("days", "amiss"), [(31, []), (30, []), (29.9, [Trouble.KEY_ENDS]), (0, [Trouble.KEY_ENDS])]
)
def test_a_key_is_to_be_changed_from_thirty_days_before_its_end(days, amiss):
    seen = replace(GOOD, key_ends=int((AT + timedelta(days=days)).timestamp()))
    assert rules.troubles(seen, redirect_uri=HERE, at=AT) == amiss


@pytest.mark.parametrize(
    ("seen", "amiss"),
    [
        (GOOD, []),
        (None, [Trouble.REFUSED]),
        (replace(GOOD, key=""), [Trouble.KEY_UNKNOWN]),
        (replace(GOOD, redirect_uris=(HERE + "x",)), [Trouble.ADDRESS]),
        (replace(GOOD, logouts_undelivered=1), [Trouble.LOGOUTS]),
        (replace(GOOD, key="", redirect_uris=()), [Trouble.KEY_UNKNOWN, Trouble.ADDRESS]),
    ],
)
def test_what_is_amiss_is_named(seen, amiss):
    assert rules.troubles(seen, redirect_uri=HERE, at=AT) == amiss
    assert set(rules.TROUBLE_NAMES) == set(Trouble)


# ---------------------------------------------------------------- the daily look


def test_a_good_registration_is_noted_and_nobody_is_troubled(twin, caplog):
    checked = check()
    assert (checked.troubles, checked.seen.name, checked.at) == ((), "Tỉnh Thử nghiệm", AT)
    assert checked.key_ends_at is None and checked.seen.key
    assert [event.name for event in events.history(queries.REGISTRATION)] == ["witness.check"]
    assert not [line for line in caplog.records if line.levelname in ("ERROR", "WARNING")]
    assert "motcua_registration_troubles 0.0" in metrics.text().decode()


def test_a_key_that_ends_soon_is_known_before_log_ins_stop(twin, caplog):
    ends(twin, AT + timedelta(days=20))
    checked = check()
    assert checked.troubles == (Trouble.KEY_ENDS,) and checked.key_ends_at == AT + timedelta(days=20)
    assert "key_ends" in caplog.text
    assert "motcua_registration_troubles 1.0" in metrics.text().decode()


def test_a_province_that_is_not_taken_for_itself_is_told_so_until_it_is(twin, caplog):
    twin.be(wrong="stranger")
    checked = check()
    assert (checked.troubles, checked.seen) == ((Trouble.REFUSED,), None)
    assert "refused" in caplog.text and checked.key_ends_at is None
    twin.be()
    assert check(1).troubles == ()


def test_a_provider_that_is_away_changes_nothing_and_raises_nothing(twin, caplog):
    ends(twin, AT + timedelta(days=20))
    before = check()
    for mood in ({"dead": True}, {"slow": 60}, {"wrong": "not_json"}):
        twin.be(**mood)
        assert check(1) == before
    assert not [line for line in caplog.records[1:] if line.levelname == "ERROR"]


def test_no_secret_and_no_token_is_noted(twin, settings):
    check()
    noted = str(events.history(queries.REGISTRATION)[0].data)
    assert settings.IDENTITY_CLIENT_KEY not in noted and "access_token" not in noted


def test_only_those_who_run_the_site_read_it(db):
    commands.note_registration(seen=None, redirect_uri=HERE, by=SYSTEM, at=AT)
    for role in Role:
        actor = Actor(name="Ai đó", roles=frozenset({role}))
        may = role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM)
        assert (queries.registration(actor) is not None) == may
    assert queries.registration(SYSTEM).words
