"""What the identity provider holds of a person, told to that person."""

from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.actor import Actor, Role
from motcua.domain.accounts.models import Consent, Factor, Passkey, Session
from motcua.domain.accounts.queries.accounts import own
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
    return [
        Section(_("Tài khoản định danh"), account),
        Section(_("Cách đăng nhập của bạn"), factors),
        Section(_("Các lần đăng nhập"), sessions),
        Section(_("Nơi bạn đồng ý chia sẻ thông tin"), consents),
    ]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes") if at else ""
