"""Where transfers to an agency go."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from motcua.base import events
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.domain.agencies import commands, queries
from motcua.domain.agencies.models import BankAccount
from motcua.domain.agencies.tests.conftest import NOW, administrator

DAY = date(2026, 11, 23)


def opened(agency, number="35110123456", on=DAY, by=SYSTEM, **words):
    words = {"bank": "Kho bạc", "bank_code": "999999", "holder": "UBND", **words}
    return commands.set_bank_account(agency=agency, number=number, in_force_from=on, by=by, at=NOW, **words)


def test_transfers_go_to_the_nearest_account(province, commune, neighbour):
    assert queries.bank_account(commune, on=DAY) is None
    whole, own = opened(province), opened(commune, "1111")
    assert queries.bank_account(commune, on=DAY) == own
    assert queries.bank_account(neighbour, on=DAY) == whole == queries.bank_account(province, on=DAY)
    fact = events.history(commune.subject)[-1]
    assert (fact.name, fact.data["reason"]) == ("agency.set_bank_account", "Kho bạc, 1111, UBND")


def test_a_new_account_ends_the_one_before_and_a_slip_of_the_day_is_replaced(province):
    opened(province, "1111")
    opened(province, "2222", DAY + timedelta(days=5))
    opened(province, "3333", DAY + timedelta(days=5))
    days = [queries.bank_account(province, on=DAY + timedelta(days=n)).number for n in (0, 4, 5)]
    assert days == ["1111", "1111", "3333"]
    with pytest.raises(Refused, match="một ngày sau"):
        opened(province, "4444", DAY)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"bank_code": "99999"}, "6 chữ số"),
        ({"bank_code": "99999x"}, "6 chữ số"),
        ({"number": "123"}, "viết liền"),
        ({"number": "1234 5678"}, "viết liền"),
        ({"number": "1" * 20}, "viết liền"),
    ],
)
def test_what_no_transfer_could_name_is_refused(province, words, why):
    with pytest.raises(Refused, match=why):
        opened(province, **words)


def test_an_administrator_writes_it_below_themselves_only(province, commune, neighbour):
    assert opened(commune, by=administrator(commune))
    for other in (province, neighbour):
        with pytest.raises(Refused, match="ngoài phạm vi"):
            opened(other, by=administrator(commune))


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"bank_code": "1"}, "bank_account_bank"),
        ({"number": "a b"}, "bank_account_number"),
        ({"in_force_to": date(2020, 1, 1)}, "bank_account_dates"),
    ],
)
def test_the_database_keeps_the_promise(province, change, promise):
    opened(province)
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        BankAccount.objects.update(**change)
