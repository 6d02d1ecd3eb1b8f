"""What a log-in costs the database: whoever adds a question to it changes a number here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.connectors.identity.client import errand
from motcua.portals.identity.tests.conftest import Agency

#: without the transactions: savepoints here, messages of their own in life
FRAMES = ("SAVEPOINT", "RELEASE")


@pytest.fixture
def agency(national):
    return Agency(national)


def cost(call, *words, **more):
    with CaptureQueriesContext(connection) as asked:
        response = call(*words, **more)
    assert response.status_code < 400, response.content
    statements = [query["sql"] for query in asked if not query["sql"].startswith(FRAMES)]
    return len(statements), len(asked) - len(statements), response


def test_a_pushed_request_costs_three_statements_and_no_transaction(agency):
    # whose is it · assertion used once · kept
    assert cost(agency.push, errand())[:2] == (3, 0)


def test_taking_one_up_costs_three_and_no_transaction(agency):
    name = agency.push(errand()).json()["request_uri"]
    # budget · once, if it is that client's · what was asked
    assert cost(agency.open, name)[:2] == (3, 0)


def test_tokens_cost_twelve_and_one_transaction_and_the_claims_five(agency, holder):
    begun = errand()
    code, proof = agency.code(holder(), begun), agency.proof()
    # client · assertion · proof · code · account · used · log-in · event (3) · token · key
    statements, frames, answer = cost(agency.redeem, begun, code, proof=proof)
    assert (statements, frames) == (12, 2)
    assert not answer.cookies  # the browser's own was not even read
    # token with all it stands on · proof · consent · whom one acts for (2)
    access = answer.json()["access_token"]
    assert cost(agency.userinfo, access)[0] <= 5


def test_a_systems_token_for_itself_costs_eight_and_its_registration_three(agency):
    words = {"grant_type": "client_credentials"}
    # client · assertion · proof · client held as it was · event (3) · token
    statements, frames, answer = cost(agency.call, "token", words, proof=agency.proof())
    assert (statements, frames) == (8, 2)
    access = answer.json()["access_token"]
    proof = agency.proof("GET", "registration", access_token=access)
    headers = {"Authorization": f"DPoP {access}", "DPoP": proof}
    # token with its client · proof · log-outs that did not arrive
    assert cost(agency.browser.get, "/oidc/registration", headers=headers)[:2] == (3, 0)
