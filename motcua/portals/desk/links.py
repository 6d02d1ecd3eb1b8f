"""What stands on the first page of the desk, by role: one row per room."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor, Role
from motcua.domain.population import queries as population
from motcua.domain.population.models import OPEN_COMPLAINT
from motcua.domain.population.queries import sweeping

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Link:
    """One room of the desk."""

    #: name of its address
    name: str
    title: Promise
    hint: Promise
    roles: frozenset[Role]


_OFFICER = frozenset({Role.IDENTITY_OFFICER})
LINKS: tuple[Link, ...] = (
    Link(
        "desk:find",
        _("Tiếp người tại bàn"),
        _("Quét thẻ; cấp, khóa, mở khóa, khôi phục tài khoản"),
        _OFFICER,
    ),
    Link(
        "desk:organizations",
        _("Tài khoản tổ chức"),
        _("Khóa, mở khóa, hủy, đổi người đứng đầu theo văn bản"),
        _OFFICER,
    ),
    Link("desk:line", _("Đề nghị cấp tài khoản"), _("Duyệt theo thời hạn còn lại"), _OFFICER),
    Link(
        "desk:complaints",
        _("Phản ánh về lượt tra cứu"),
        _("Công dân thấy lạ một lượt tra cứu dữ liệu của mình"),
        frozenset({Role.AUDITOR}),
    ),
    Link(
        "desk:alerts",
        _("Cảnh báo tra cứu"),
        _("Cán bộ tra cứu nhiều bất thường, người thân, hàng loạt người cùng họ"),
        frozenset({Role.AUDITOR}),
    ),
    Link(
        "desk:clients",
        _("Ứng dụng kết nối"),
        _("Hệ thống nào được đăng nhập bằng tài khoản định danh, với điều kiện gì"),
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    ),
    Link(
        "desk:duties",
        _("Nhiệm vụ"),
        _("Ai làm việc với vai trò nào ở hệ thống định danh"),
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    ),
)


def links(actor: Actor) -> list[Link]:
    """List the rooms that somebody may enter."""
    return [link for link in LINKS if actor.has(*link.roles)]


def waiting(actor: Actor, *, at: datetime) -> dict[str, str]:
    """Say by room what waits there for whoever may see it, so that nobody has to look in to learn of it."""
    complaints = population.complaints(actor).filter(state__in=OPEN_COMPLAINT).count()
    alerts = sweeping.alerts(actor).filter(at__gt=at - DAY).count()
    found = {}
    if complaints:
        found["desk:complaints"] = _("%(count)s phản ánh chờ trả lời") % {"count": complaints}
    if alerts:
        found["desk:alerts"] = _("%(count)s cảnh báo trong 24 giờ qua") % {"count": alerts}
    return found
