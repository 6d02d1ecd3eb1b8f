import hashlib
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from motcua.base import events, jose
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import passwords, queries
from motcua.domain.accounts.commands import clients, grants, keys, sessions, tokens
from motcua.domain.accounts.models import Message
from motcua.domain.accounts.rules.requests import Asked, claims_of

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
ISSUER = "https://op.test"
PLACE = "27694"
HERE = "https://client.test/tro-ve/"
VERIFIER = "v" * 43
CHALLENGE = jose.base64url(hashlib.sha256(VERIFIER.encode()).digest())
KEY = jose.new_key()


@contextmanager
def full_kitchen():
    """Keep every thread that hashes at work, and nobody patient."""
    done, patience = threading.Event(), passwords.PATIENCE
    passwords.PATIENCE = 0.01
    try:
        for _thread in range(passwords.AT_WORK):
            passwords._pool().submit(done.wait)
        yield
    finally:
        done.set()
        passwords.PATIENCE = patience


def register(code="test", **changes):
    words = {
        "name": "Tỉnh Thử",
        "purpose": "Để biết bạn là ai.",
        "redirect_uris": [HERE],
        "scopes": ["openid", "profile", "citizen_number"],
        "keys": [KEY],
        **changes,
    }
    return clients.register_client(code=code, **words, by=SYSTEM, at=AT)


@pytest.fixture
def client(db):
    keys.ensure_keys(by=SYSTEM, at=AT)
    return register()[0]


@pytest.fixture
def person(enrol):
    """Enrol people who may apply for an account."""

    def make(number="080190000017", **words):
        return enrol(number, **{"card_expires_on": date(2030, 1, 1), "permanent_commune": PLACE, **words})

    return make


@pytest.fixture
def session(holder):
    who = holder()
    opened = sessions.log_in(number=who.number, password=who.password, address="::1", by=NOBODY, at=AT)
    return sessions.confirm(session=opened, code=who.code(AT), by=NOBODY, at=AT)


def wanted(**changes):
    words = {
        "redirect_uri": HERE,
        "scopes": ("openid", "profile"),
        "state": "s",
        "nonce": "n",
        "challenge": CHALLENGE,
        "prompts": frozenset(),
        "max_age": None,
        "levels": (2,),
        **changes,
    }
    return Asked(**words)


def ask(client, **changes):
    words = {"client": client, "asked": wanted(**changes), "by": NOBODY, "at": AT}
    if client.strict:
        return grants.open_pushed(client_id=client.code, name=grants.push(**words), by=NOBODY, at=AT)
    return grants.ask(**words)


def answered(client, session, **changes):
    request, me = ask(client, **changes), queries.actor_of(session)
    if not set(claims_of(request.scopes)) <= queries.agreed(session.account, client):
        grants.agree(session=session, request=request, by=me, at=AT)
    return grants.answer(request=request, session=session, by=me, at=AT)


def redeem(client, code, *, at=AT, **changes):
    words = {"redirect_uri": HERE, "verifier": VERIFIER, "issuer": ISSUER, **changes}
    return tokens.redeem(client=client, code=code, **words, by=NOBODY, at=at)


def told(text, *, at=AT):
    """Give what an access token opens, if anything."""
    found = queries.access_token(text, at=at)
    return queries.userinfo(found, on=at.date()) if found else None


def held_up(first, second, then=lambda: None):
    """Let `second` wait for what `first` has locked, until `then` is done; give what it returned or met."""
    backend = []

    def run():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend.extend(cursor.fetchone())
            return second()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    def waits():
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", backend)
            return cursor.fetchone()[0]

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(run)
            while not (waiting.done() or (backend and waits())):
                time.sleep(0.01)
            then()
        return waiting.result()


def later(**words):
    return AT + timedelta(**words)


def log_in(who, *, at=AT, **changes):
    words = {"number": who.number, "password": who.password, "address": "203.0.113.7", **changes}
    return sessions.log_in(**words, by=NOBODY, at=at)


def names(account):
    return [event.name for event in events.history(account.subject)]


def texts():
    """Give the texts to people as the gateway would get them, oldest first."""
    return [queries.text_of(message) for message in Message.objects.order_by("pk")]


def texted():
    """Give the code in the newest text."""
    return re.search(r"\d{4} \d{4} \d{4}|\d{6}", texts()[-1].words)[0]
