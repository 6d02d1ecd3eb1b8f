"""A person's own copy forgets no table: each is told in it, or stands here with the reason why it is not."""

import pytest
from django.apps import apps
from django.utils import timezone

from motcua.base.actor import Actor, Role
from motcua.domain.people.models import Person
from motcua.domain.privacy import queries

#: in which section of the copy a table is told
HELD = {
    "population.Person": "Dữ liệu dân cư",
    "population.Household": "Dữ liệu dân cư",
    "population.PastValue": "Dữ liệu dân cư trước đây",
    "population.Usage": "Ai đã xem dữ liệu của bạn",
    "population.Complaint": "Phản ánh của bạn",
    "accounts.Account": "Tài khoản định danh",
    "accounts.Factor": "Cách đăng nhập của bạn",
    "accounts.Passkey": "Cách đăng nhập của bạn",
    "accounts.Session": "Các lần đăng nhập",
    "accounts.Consent": "Nơi bạn đồng ý chia sẻ thông tin",
    "accounts.RefreshToken": "Ứng dụng đang nối với tài khoản của bạn",
    "accounts.Application": "Đề nghị cấp tài khoản",
    "accounts.Organization": "Tổ chức của bạn",
    "accounts.Endorsement": "Tổ chức của bạn",
    "accounts.Mandate": "Ủy quyền",
    "accounts.Recovery": "Khôi phục tài khoản",
    "accounts.Duty": "Nhiệm vụ ở hệ thống định danh",
    "people.Person": "Thông tin cá nhân mà tỉnh giữ",
    "dossiers.Dossier": "Hồ sơ của bạn",
    "dossiers.Supplement": "Hồ sơ của bạn",
    "papers.Paper": "Hồ sơ của bạn",
    "payments.Bill": "Hồ sơ của bạn",
    "privacy.DataRequest": "Yêu cầu của bạn về dữ liệu cá nhân",
}
HASH = "a hash of a secret, gone within hours; the log-in it belongs to is told"
NOBODY = "speaks of no person"
#: why a table is not told
NOT_HELD = {
    "accounts.AccessToken": HASH,
    "accounts.AuthorizationCode": HASH,
    "accounts.BackupCode": "hashes of the holder's own codes; how many are left stands on the account's page",
    "accounts.TextCode": HASH,
    "accounts.Challenge": HASH,
    "accounts.Tries": HASH,
    "accounts.UsedAssertion": NOBODY,
    "accounts.AuthorizationRequest": "what a system asked for until the person agreed; the consent is told",
    "accounts.Pairing": "a number on two screens for minutes; the log-in that came of it is told",
    "accounts.LogoutNotice": "tells a system that a log-in is over; the log-in is told",
    "accounts.Message": "sealed until it is sent and empty after, gone within a week",
    "accounts.Client": NOBODY,
    "accounts.Connection": NOBODY,
    "accounts.SigningKey": NOBODY,
    "population.Candidate": "a handle for minutes; the look-up by which somebody was shown is told",
    "population.Inquiry": "written between offices about a complaint; what came of it is told as the answer",
    "population.Alert": "a suspicion about an official's own look-ups, for the inspectors",
    "population.Subscriber": NOBODY,
    "population.Right": NOBODY,
    "population.LedgerKey": NOBODY,
    "population.TreeHead": NOBODY,
    "population.Tile": NOBODY,
    "dossiers.Pause": "hangs on the dossier, and the dossier's page tells it with its days",
    "payments.Attempt": "a way to the payment platform; what was paid is told with the bill",
    "payments.Difference": "the platform and the book disagree; it is about the book",
    "agencies.BankAccount": NOBODY,
    "agencies.Officer": "who works for an agency, kept by the employer; a citizen's own data stand elsewhere",
    "agencies.Appointment": "a post in an agency, public with its holder's name",
    "agencies.Agency": NOBODY,
    "agencies.OfficeHours": NOBODY,
    "agencies.CalendarDay": NOBODY,
    "agencies.CalendarStamp": NOBODY,
    "procedures.Procedure": NOBODY,
    "procedures.ProcedureVersion": NOBODY,
    "privacy.Breach": "about many people at once, none of them named",
    "witness.KeptHead": NOBODY,
    "witness.Alarm": NOBODY,
    "base.Event": "the log proves what was done; what it speaks of is told where it stands",
    "base.StoredFile": "the bytes of a paper or a photo that is told where it belongs",
    "base.Budget": "a keyed hash of an address for minutes",
    "base.Visit": "a browser's session; the log-in at the provider is told",
    "base.Serial": NOBODY,
    "base.Turn": NOBODY,
}


def tables() -> set[str]:
    configs = [config for config in apps.get_app_configs() if config.name.startswith("motcua.")]
    return {model._meta.label for config in configs for model in config.get_models()}


def test_every_table_is_in_the_persons_own_copy_or_says_why_not() -> None:
    assert not set(HELD) & set(NOT_HELD)
    assert set(HELD) | set(NOT_HELD) == tables()


@pytest.mark.django_db
def test_the_copy_has_every_section_in_which_a_table_is_told(enrol) -> None:
    citizen = Person.objects.create(number="080190000017", name="Trần Thị Hồng Nhung", seen_at=timezone.now())
    enrol()
    actor = Actor(name=citizen.name, roles=frozenset({Role.CITIZEN}), person=citizen.pk)
    titles = {section.title for section in queries.holdings(actor, at=timezone.now())}
    assert set(HELD.values()) <= titles
