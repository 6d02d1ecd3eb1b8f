"""What stands on the first page of the desk, by role: one row per room."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor, Role


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
