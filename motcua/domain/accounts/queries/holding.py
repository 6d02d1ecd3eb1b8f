"""What the identity provider holds of a person, told to that person."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.actor import Actor, Role
from motcua.domain.accounts.models import (
    Account,
    Consent,
    Duty,
    Endorsement,
    Factor,
    Organization,
    Passkey,
    Recovery,
    RefreshToken,
    Session,
)
from motcua.domain.accounts.queries.accounts import own
from motcua.domain.accounts.queries.applications import own_applications
from motcua.domain.accounts.queries.mandates import mandates, procedure_names
from motcua.domain.accounts.rules.accounts import CROSSED
from motcua.domain.accounts.rules.devices import name
from motcua.domain.accounts.rules.requests import CLAIM_NAMES
from motcua.domain.privacy.rules import Section

#: log-ins in one copy, the newest ones
MOST = 1000
_METHODS: dict[str, Promise] = {
    "pwd": gettext_lazy("mật khẩu"),
    "otp": gettext_lazy("mã của ứng dụng xác thực"),
    "sms": gettext_lazy("mã qua tin nhắn"),
    "pop": gettext_lazy("khóa truy cập"),
    "uv": gettext_lazy("mở khóa bằng mã PIN, khuôn mặt hoặc vân tay"),
    CROSSED: gettext_lazy("điện thoại đã đăng nhập"),
    "demo": gettext_lazy("một lần bấm của bản dùng thử"),
}


def held(actor: Actor, *, at: datetime) -> list[Section]:
    """Give the account, what opens it without any secret, log-ins and consents."""
    if actor.person is None or not actor.has(Role.CITIZEN):
        return []
    accounts = own(Actor(name=actor.name, roles=frozenset({Role.CITIZEN}), person=actor.person))
    account = [
        {
            _("Mức"): one.level,
            _("Trạng thái"): one.get_state_display(),
            _("Mở lúc"): _moment(one.opened_at),
            _("Điện thoại"): one.phone,
        }
        for one in accounts
    ]
    factors = [
        {_("Cách"): str(_METHODS[one.kind]), _("Từ"): _moment(one.added_at), _("Đến"): _moment(one.ended_at)}
        for one in Factor.objects.filter(account__in=accounts).order_by("pk")
    ]
    factors += [
        {_("Cách"): one.name, _("Từ"): _moment(one.added_at), _("Đến"): _moment(one.removed_at)}
        for one in Passkey.objects.filter(account__in=accounts).order_by("pk")
    ]
    sessions = [
        {
            _("Lúc"): _moment(one.opened_at),
            _("Đến"): _moment(one.ended_at),
            _("Thiết bị"): name(one.agent),
            _("Cách đăng nhập"): ", ".join(str(_METHODS.get(each, each)) for each in one.methods),
            _("Trình duyệt tự giới thiệu"): one.agent,
        }
        for one in Session.objects.filter(account__in=accounts).order_by("-pk")[:MOST]
    ]
    consents = [
        {
            _("Chia sẻ với"): one.client.name,
            _("Thông tin"): "; ".join(str(CLAIM_NAMES.get(claim, claim)) for claim in one.claims),
            _("Đồng ý lúc"): _moment(one.given_at),
        }
        for one in Consent.objects.filter(account__in=accounts).select_related("client").order_by("pk")
    ]
    live = RefreshToken.objects.filter(
        session__account__in=accounts, used_at=None, revoked_at=None, until__gt=at
    )
    connected = [
        {_("Ứng dụng"): one.client.name, _("Nối đến"): _moment(one.until)}
        for one in live.select_related("client").order_by("pk")
    ]
    return [
        Section(_("Tài khoản định danh"), account),
        Section(_("Cách đăng nhập của bạn"), factors),
        Section(_("Các lần đăng nhập"), sessions),
        Section(_("Nơi bạn đồng ý chia sẻ thông tin"), consents),
        Section(_("Ứng dụng đang nối với tài khoản của bạn"), connected),
        Section(_("Đề nghị cấp tài khoản"), _applications(actor)),
        Section(_("Tổ chức của bạn"), _organizations(accounts)),
        Section(_("Ủy quyền"), _mandates(actor)),
        Section(_("Khôi phục tài khoản"), _recoveries(accounts)),
        Section(_("Nhiệm vụ ở hệ thống định danh"), _duties(accounts)),
    ]


def _applications(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            _("Mã"): one.code,
            _("Cấp cho"): one.organization_name or one.person.name,
            _("Loại"): one.get_case_display(),
            _("Trạng thái"): one.get_state_display(),
            _("Điện thoại"): one.phone,
            _("Ảnh khuôn mặt"): _("có") if one.photo_id else "",
            _("Cách kiểm tra"): one.get_checked_by_display() if one.checked_by else "",
            _("Gửi lúc"): _moment(one.filed_at),
            _("Hạn trả lời"): _moment(one.due_at),
            _("Quyết định lúc"): _moment(one.decided_at),
            _("Lý do"): one.reason,
            _("Kích hoạt lúc"): _moment(one.activated_at),
            _("Rút lúc"): _moment(one.withdrawn_at),
        }
        for one in own_applications(actor).order_by("pk")
    ]


def _organizations(accounts: QuerySet[Account]) -> list[dict[str, Any]]:
    headed = [
        {
            _("Tổ chức"): one.name,
            _("Mã số"): one.code,
            _("Bạn là"): _("người đứng đầu"),
            _("Mở lúc"): _moment(one.opened_at),
            _("Đóng lúc"): _moment(one.closed_at),
        }
        for one in Organization.objects.filter(head__in=accounts).order_by("pk")
    ]
    asked = Endorsement.objects.filter(account__in=accounts).select_related("application").order_by("pk")
    return headed + [
        {
            _("Tổ chức"): one.application.organization_name,
            _("Mã số"): one.application.organization_code,
            _("Bạn là"): _("người đại diện theo pháp luật được hỏi ý kiến"),
            _("Đồng ý lúc"): _moment(one.given_at),
        }
        for one in asked
    ]


def _mandates(actor: Actor) -> list[dict[str, Any]]:
    titles = procedure_names()
    return [
        {
            _("Người ủy quyền"): one.principal.name,
            _("Người được ủy quyền"): one.agent.name,
            _("Cho tổ chức"): one.organization.name if one.organization else "",
            _("Thủ tục"): "; ".join(titles.get(code, code) for code in one.procedures) or _("mọi thủ tục"),
            _("Từ ngày"): one.since.isoformat(),
            _("Đến hết ngày"): one.until.isoformat(),
            _("Trạng thái"): one.get_state_display(),
            _("Chấm dứt lúc"): _moment(one.ended_at),
        }
        for one in mandates(actor).order_by("pk")
    ]


def _recoveries(accounts: QuerySet[Account]) -> list[dict[str, Any]]:
    return [
        {
            _("Tại"): one.place_name,
            _("Cách kiểm tra"): one.get_checked_by_display(),
            _("Điện thoại nhận mã"): one.phone,
            _("Bắt đầu"): _moment(one.begun_at),
            _("Kết thúc"): _moment(one.ended_at),
            _("Đã hủy"): _("có") if one.cancelled else "",
        }
        for one in Recovery.objects.filter(account__in=accounts).order_by("pk")
    ]


def _duties(accounts: QuerySet[Account]) -> list[dict[str, Any]]:
    return [
        {
            _("Vai trò"): one.get_role_display(),
            _("Nơi"): one.place_name,
            _("Từ ngày"): one.in_force_from.isoformat(),
            _("Đến ngày"): one.in_force_to.isoformat() if one.in_force_to else "",
        }
        for one in Duty.objects.filter(account__in=accounts).order_by("pk")
    ]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes") if at else ""
