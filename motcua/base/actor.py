"""Who is acting: one frozen value that every command and query takes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """What somebody may do; an officer holds roles in one agency at a time."""

    CITIZEN = "citizen"
    CLERK = "clerk"
    OFFICER = "officer"
    HEAD = "head"
    LEADER = "leader"
    PROVINCE_OFFICE = "province_office"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    IDENTITY_OFFICER = "identity_officer"
    SYSTEM = "system"


ROLE_NAMES = {
    Role.CITIZEN: _("Công dân"),
    Role.CLERK: _("Cán bộ một cửa"),
    Role.OFFICER: _("Cán bộ thụ lý"),
    Role.HEAD: _("Trưởng phòng"),
    Role.LEADER: _("Lãnh đạo"),
    Role.PROVINCE_OFFICE: _("Văn phòng UBND tỉnh"),
    Role.ADMINISTRATOR: _("Quản trị"),
    Role.AUDITOR: _("Kiểm tra"),
    Role.IDENTITY_OFFICER: _("Cán bộ định danh"),
    Role.SYSTEM: _("Hệ thống"),
}

#: Roles held inside an agency, in the order in which people list them.
OFFICE_ROLES = (
    Role.CLERK,
    Role.OFFICER,
    Role.HEAD,
    Role.LEADER,
    Role.PROVINCE_OFFICE,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One person, officer or the system itself at the moment of acting."""

    name: str
    roles: frozenset[Role] = frozenset()
    #: primary key in people.Person, for citizens
    person: int | None = None
    #: primary key in agencies.Officer, for officers
    officer: int | None = None
    #: primary key in agencies.Agency where the roles are held
    agency: int | None = None
    #: how people call that agency
    place: str = ""
    #: tree path of that agency; everything below it starts with this text
    reach: str = ""
    #: authentication level 1–4 (Decree 69/2024 art. 20); 0 when nobody logged in
    assurance: int = 0
    #: when a log-in last proved who this is; nothing for the system's own work
    proved_at: datetime | None = None
    #: primary key in people.Person of whoever acts for `person`, a legal one too, why, in which procedures
    proxy: int | None = None
    proxy_tie: str = ""
    proxy_scope: tuple[str, ...] = ()
    #: the last day on which they may
    proxy_until: date | None = None

    def has(self, *roles: Role) -> bool:
        """Tell whether at least one of the roles is held."""
        return not self.roles.isdisjoint(roles)

    @property
    def oneself(self) -> int | None:
        """Give the key in people.Person of a citizen in her own matters; nothing for who acts for her."""
        return self.person if self.has(Role.CITIZEN) and self.proxy is None else None

    def lapsed(self, on: date) -> bool:
        """Tell whether the right to act for somebody else is over."""
        return self.proxy_until is not None and on > self.proxy_until

    def proved_within(self, span: timedelta, *, at: datetime) -> bool:
        """Tell whether the log-in was proved so lately; work without a log-in has nothing to prove."""
        return self.proved_at is None or at - self.proved_at <= span

    @property
    def subject(self) -> str:
        """Name this actor in the event log, without a personal number."""
        if self.officer is not None:
            return f"officer:{self.officer}"
        if self.proxy is not None:
            return f"person:{self.proxy}"
        if self.person is not None:
            return f"person:{self.person}"
        return "system"


SYSTEM = Actor(name="Hệ thống", roles=frozenset({Role.SYSTEM}))
