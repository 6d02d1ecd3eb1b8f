from datetime import timedelta

import pytest

from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import factors, sessions
from motcua.domain.accounts.models import Account, BackupCode, Factor
from motcua.domain.accounts.rules import accounts as rules
from motcua.domain.accounts.tests.conftest import AT, answered, log_in, names, redeem, told

LATER = AT + timedelta(minutes=1)


def me(session):
    return queries.actor_of(session)


def begun(session, at=LATER):
    made = factors.begin_code(session=session, by=me(session), at=at)
    return made.key, queries.value_of(made)


def enrol(session, at=LATER):
    key, secret = begun(session, at)
    code = rules.code(secret, rules.step_at(at))
    return secret, factors.confirm_code(session=session, key=key, code=code, by=me(session), at=at)


def confirm(session, code, at=LATER):
    return sessions.confirm(session=session, code=code, by=me(session), at=at)


def test_an_app_counts_once_its_code_was_typed_and_takes_the_place_of_the_earlier(session):
    old = queries.code_factor(session.account)
    secret, codes = enrol(session)
    new = queries.code_factor(session.account)
    assert new.pk != old.pk and queries.secret_of(new) == secret
    assert len(set(codes)) == 10 == queries.backup_codes_left(session.account)
    assert names(session.account)[-1] == "account.add_factor"
    after = LATER + timedelta(minutes=1)
    assert confirm(session, rules.code(secret, rules.step_at(after)), after).assurance == 2


def test_a_code_makes_a_password_of_long_ago_no_fresher(session):
    secret, _codes = enrol(session)
    after = LATER + timedelta(minutes=20)
    confirmed = confirm(session, rules.code(secret, rules.step_at(after)), after)
    assert confirmed.authenticated_at == AT
    with pytest.raises(Refused, match="xác thực lại"):
        factors.begin_code(session=confirmed, by=me(session), at=after)


def test_the_code_that_confirmed_the_app_opens_nothing_again(session):
    secret, _codes = enrol(session)
    with pytest.raises(Refused, match="đã dùng"):
        confirm(session, rules.code(secret, rules.step_at(LATER)))


@pytest.mark.parametrize("code", ["000000", "", "12345", "abcdef", "١٢٣٤٥٦", "9" * 5000])
def test_an_app_that_shows_something_else_is_not_taken(session, code):
    key, _secret = begun(session)
    with pytest.raises(Refused, match="Mã không đúng"):
        factors.confirm_code(session=session, key=key, code=code, by=me(session), at=LATER)
    assert Factor.objects.filter(ended_at=None).count() == 1


def test_a_secret_counts_for_one_log_in_for_a_quarter_of_an_hour_once(holder, session):
    key, secret = begun(session, AT)
    late = AT + timedelta(minutes=15)
    code = rules.code(secret, rules.step_at(late))
    with pytest.raises(Refused, match="hết hạn"):
        factors.confirm_code(session=session, key=key, code=code, by=me(session), at=late)
    who = holder("080190000025")
    other = sessions.confirm(session=log_in(who), code=who.code(AT), by=NOBODY, at=AT)
    with pytest.raises(Refused, match="hết hạn"):
        factors.confirm_code(session=other, key=key, code=code, by=me(other), at=LATER)
    code = rules.code(secret, rules.step_at(LATER))
    factors.confirm_code(session=session, key=key, code=code, by=me(session), at=LATER)
    with pytest.raises(Refused, match="hết hạn"):
        factors.confirm_code(session=session, key=key, code=code, by=me(session), at=LATER)


def test_a_password_alone_enrols_nothing(holder):
    weak = log_in(holder(app=False))
    with pytest.raises(Refused, match="xác thực lại"):
        factors.begin_code(session=weak, by=me(weak), at=AT)
    with pytest.raises(Refused, match="xác thực lại"):
        factors.make_backup_codes(session=weak, by=me(weak), at=AT)


def test_a_backup_code_opens_once_in_place_of_the_app(holder, session):
    _secret, codes = enrol(session)
    assert confirm(session, f"{codes[3][:5]} {codes[3][5:]}").assurance == 2
    assert queries.backup_codes_left(session.account) == 9
    with pytest.raises(Refused, match="đã dùng"):
        confirm(session, codes[3])


def test_backup_codes_are_kept_as_keyed_hashes_of_one_account(holder, session):
    _secret, codes = enrol(session)
    kept = b"".join(bytes(row.hash) for row in BackupCode.objects.all())
    assert not any(code.encode() in kept for code in codes)
    who = holder("080190000025")
    other = log_in(who)
    with pytest.raises(Refused, match="không đúng"):
        confirm(other, codes[0])


def test_new_backup_codes_end_the_earlier_ones(session):
    _secret, codes = enrol(session)
    new = factors.make_backup_codes(session=session, by=me(session), at=LATER)
    with pytest.raises(Refused, match="không đúng"):
        confirm(session, codes[0])
    assert confirm(session, new[0]) and queries.backup_codes_left(session.account) == 9


def test_guessing_is_stopped(session):
    key, secret = begun(session)
    for _number in range(10):
        with pytest.raises(Refused):
            factors.confirm_code(session=session, key=key, code="000000", by=me(session), at=LATER)
    with pytest.raises(Refused, match="quá nhiều lần"):
        code = rules.code(secret, rules.step_at(LATER))
        factors.confirm_code(session=session, key=key, code=code, by=me(session), at=LATER)


def test_logging_out_everywhere_ends_every_log_in_and_its_tokens_but_nobody_elses(holder, client, session):
    tokens = redeem(client, answered(client, session))
    who = holder("080190000025")
    other, mine = log_in(who), me(session)
    sessions.log_out_everywhere(account=session.account, by=mine, at=LATER)
    assert queries.session(session.key, at=LATER) is None
    assert told(tokens.access_token, at=LATER) is None
    assert not queries.sessions(mine, at=LATER).exists()
    assert queries.session(other.key, at=LATER) is not None
    assert names(session.account)[-1] == "session.end_all"


def test_nobody_logs_somebody_else_out_everywhere(holder, session):
    other = log_in(holder("080190000025"))
    with pytest.raises(Account.DoesNotExist):
        sessions.log_out_everywhere(account=session.account, by=me(other), at=LATER)
    assert queries.session(session.key, at=LATER) is not None
