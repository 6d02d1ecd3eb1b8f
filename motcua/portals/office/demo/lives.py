"""The life of one dossier of the demonstration, act by act, each by a real command at its own moment."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from motcua.base import files
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.calendar import working_minutes
from motcua.connectors.population import Denied
from motcua.domain.dossiers import commands, queries, register
from motcua.domain.dossiers.models import Channel, Dossier, Handing
from motcua.domain.dossiers.rules import Action
from motcua.domain.payments import commands as payments
from motcua.domain.payments import queries as bills
from motcua.domain.payments.rules import Method
from motcua.domain.people.commands import remember
from motcua.domain.people.models import Source
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.models import ProcedureVersion
from motcua.portals.office.demo import scans
from motcua.portals.office.demo.answers import Asked, answers
from motcua.portals.office.demo.cast import Cast, Somebody, words
from motcua.portals.office.demo.hours import Hours
from motcua.portals.office.demo.staff import Place, Staff

#: gives the moment of the next act, and acts when it is asked to go on
Road = Iterator[datetime]
#: one in so many people corrects something that the register says
CORRECTS = 9
#: one in so many forms is begun while the register is away
UNFILLED = 15


@dataclass(kw_only=True)
class Life:
    """One dossier and the people around it."""

    number: int
    key: UUID
    place: Place
    #: of the procedure, as it was in force at the first act
    version: ProcedureVersion
    who: Somebody
    cast: Cast
    staff: Staff
    channel: Channel
    hours: Hours
    #: the moment of the last act; at first, of the first
    at: datetime
    chance: Random
    #: hours of an office step are taken so many times
    pace: float = 0.6
    pk: int = 0
    citizen: Actor = field(default=SYSTEM)

    @property
    def dossier(self) -> Dossier:
        """Read the dossier as it is now."""
        rows = queries.visible(SYSTEM).select_related("version", "agency", "desk", "applicant")
        return rows.defer("version__definition").get(pk=self.pk)

    def official(self, role: Role) -> Actor:
        """Choose somebody of the counter or of the office."""
        agency = self.place.desk if role is Role.CLERK else self.place.agency
        return self.staff.one(agency, role, self.chance)

    def later(self, least: float, most: float) -> datetime:
        """Let working minutes pass."""
        self.at = self.hours.after(self.at, self.chance.uniform(least, most))
        return self.at

    def soon(self) -> datetime:
        """Let a minute or two pass, whatever the hour."""
        self.at += timedelta(seconds=self.chance.randint(45, 150))
        return self.at

    # ------------------------------------------------------------------ the citizen's part

    def draft(self) -> Road:
        """Begin, let the register fill in what it knows, answer the rest and bring the papers."""
        yield self.at
        who = self.who
        facts: dict[str, Any] = {
            "number": who.number,
            "name": who.name,
            "born_on": who.born_on,
            "gender": who.gender,
        }
        person = remember(
            **facts, phone=who.phone, commune=who.commune, source=Source.IDENTITY, by=SYSTEM, at=self.at
        )
        self.citizen = Actor(name=who.name, roles=frozenset({Role.CITIZEN}), person=person.pk, assurance=2)
        self.filer = self.citizen if self.channel is Channel.ONLINE else self.official(Role.CLERK)
        offices = {"agency": self.place.agency, "desk": self.place.desk}
        dossier = commands.start(
            key=self.key,
            version=self.version,
            applicant=person,
            **offices,
            channel=self.channel,
            by=self.filer,
            at=self.at,
        )
        self.pk = dossier.pk
        if self.chance.randrange(UNFILLED):
            self._ask_register(dossier)
        self._answer()
        yield from self._bring_papers()

    def _ask_register(self, dossier: Dossier) -> None:
        """Prefill as the portals do; a register that is away stops nothing."""
        try:
            record = register.ask(dossier, by=self.filer)
        except (register.Unavailable, Denied):
            return
        if record:
            commands.prefill(dossier=dossier, record=record, by=self.filer, at=self.at)

    def _answer(self) -> None:
        dossier, spec = self.dossier, self.version.spec
        asked = Asked(
            who=self.who,
            cast=self.cast,
            known=dossier.values,
            commune=self.place.commune,
            on=timezone.localdate(self.at),
            chance=self.chance,
        )
        values = answers(self.version.code, spec, asked)
        phone = dict(spec.applicant).get("phone")
        if phone and self.chance.randrange(CORRECTS) == 0:
            values[phone] = f"09{self.chance.randrange(10**7, 10**8)}"
        on_table: list[str] | None = None
        if self.channel is Channel.DIRECT and self.chance.random() < 0.5:
            on_table = [rule.key for rule in spec.papers]
        commands.save_answers(
            dossier=dossier, values=values, handed_in=on_table, by=self.filer, at=self.soon()
        )

    def _bring_papers(self) -> Road:
        dossier = self.dossier
        for rule in queries.needed_papers(dossier):
            if rule.required and rule.key not in dossier.handed_in:
                yield self.soon()
                upload = self.paper(rule)
                commands.bring(dossier=dossier, kind=rule.key, upload=upload, by=self.filer, at=self.at)

    def paper(self, rule: procedures.PaperRule) -> files.Upload:
        """Make what the person photographs or scans."""
        if rule.portrait:
            return scans.portrait(self.chance)
        lines = [self.who.name, f"Sinh: {self.who.born_on}", f"Số: {self.number:05d}/{self.at:%m.%Y}"]
        make = scans.photograph if self.chance.random() < 0.7 else scans.scanned
        return make(rule.title.vi, lines, self.chance)

    def file(self) -> Road:
        """Send the draft; at the counter it is received in the same minute."""
        yield from self.draft()
        yield self.soon()
        if self.channel is Channel.ONLINE:
            handing = Handing.ELECTRONIC if self.chance.random() < 0.8 else Handing.DESK
            commands.submit(dossier=self.dossier, handing=handing, by=self.citizen, at=self.at)
        else:
            commands.submit(dossier=self.dossier, by=self.filer, at=self.at)

    # ------------------------------------------------------------------ the counter's part

    def receive(self) -> Road:
        """File and be received; the fee is paid at once at the counter, by transfer from home."""
        yield from self.file()
        if self.channel is Channel.ONLINE:
            yield self.later(4, 40)
        commands.receive(dossier=self.dossier, by=self.official(Role.CLERK), at=self.at)

    def pay(self) -> Road:
        """Pay what is owed, if anything is."""
        dossier = self.dossier
        if bill := bills.open_bill(dossier.subject):
            yield self.soon() if self.channel is Channel.DIRECT else self.later(10, 120)
            at_counter = self.channel is Channel.DIRECT
            payments.pay(
                bill=bill,
                method=Method.COUNTER if at_counter else Method.TRANSFER,
                reference=f"{'BL' if at_counter else 'FT'}{self.key.int % 10**12:012d}",
                by=self.official(Role.CLERK),
                at=self.at,
            )

    def hand_over(self) -> Road:
        """Give the result: opened on the portal by the citizen, or fetched at the counter."""
        yield from self.pay()
        dossier = self.dossier
        if dossier.handing == Handing.ELECTRONIC:
            self.at += timedelta(minutes=self.chance.randint(15, 900))
            yield self.at
            commands.hand_over(dossier=dossier, by=self.citizen, at=self.at)
        else:
            yield self.later(60, 900)
            by = self.official(Role.CLERK)
            commands.hand_over(dossier=dossier, to=dossier.applicant_name, by=by, at=self.at)

    # ------------------------------------------------------------------ the office's part

    def act(self, action: Action, role: Role, least: float, most: float, reason: str = "") -> Road:
        """Do one simple move after some working minutes."""
        yield self.later(least, most)
        by = self.citizen if role is Role.CITIZEN else self.official(role)
        why = words()["reasons"][reason] if reason else ""
        commands.act(action=action, dossier=self.dossier, reason=why, by=by, at=self.at)

    def forward(self, steps: int) -> Road:
        """Begin processing and go so many steps on, at most to the one that the leader decides at."""
        yield from self.act(Action.PROCESS, Role.OFFICER, 5, 45)
        for _step in range(steps):
            dossier = self.dossier
            here = procedures.step(dossier.version.spec, dossier.step)
            if procedures.next_step(dossier.version.spec, here.key, dossier.answers) is None:
                return
            minutes = float(here.hours) * 60 * self.pace
            yield from self.act(Action.FORWARD, Role(here.role), minutes * 0.7, minutes)

    def settle(self) -> Road:
        """Go the whole way to the leader's approval."""
        yield from self.forward(99)
        dossier = self.dossier
        last = procedures.step(dossier.version.spec, dossier.step)
        yield self.later(5, max(6.0, float(last.hours) * 60 * self.pace))
        commands.settle(dossier=self.dossier, by=self.official(Role.LEADER), at=self.at)

    def ask_more(self, role: Role, reason: str = "ask_more") -> Road:
        """Ask for one of the papers again."""
        yield self.later(15, 90)
        dossier = self.dossier
        rule = next(rule for rule in queries.needed_papers(dossier) if rule.required)
        commands.ask_more(
            dossier=dossier,
            items=[{"kind": "paper", "name": rule.key, "title": rule.title.vi}],
            reason=words()["reasons"][reason],
            until=timezone.localdate(self.at) + timedelta(days=14),
            by=self.official(role),
            at=self.at,
        )

    def supplement(self) -> Road:
        """Bring the paper that was asked for."""
        yield self.later(60, 500)
        dossier = self.dossier
        by = self.citizen if self.channel is Channel.ONLINE else self.official(Role.CLERK)
        kind = next(iter(queries.bringable(dossier)))
        rule = next(rule for rule in dossier.version.spec.papers if rule.key == kind)
        commands.bring(dossier=dossier, kind=kind, upload=self.paper(rule), by=by, at=self.at)
        yield self.soon()
        commands.supplement(dossier=self.dossier, values={}, by=by, at=self.at)

    def ask_payment(self) -> Road:
        """Let the dossier wait for its fee."""
        yield from self.act(Action.ASK_PAYMENT, Role.CLERK, 20, 90)

    def postpone(self, role: Role) -> Road:
        """Apologise before the deadline and promise a later time."""
        dossier = self.dossier
        assert dossier.due_at is not None and dossier.promised_at is not None
        left = working_minutes(self.hours.calendar, self.at, dossier.due_at)
        yield self.later(left * 0.6, left * 0.9)
        commands.postpone(
            dossier=dossier,
            until=self.hours.after(dossier.promised_at, self.chance.choice((480, 960, 1440))),
            reason=words()["reasons"]["postpone"],
            by=self.official(role),
            at=self.at,
        )

    def refuse(self) -> Road:
        """Turn the dossier away at the counter."""
        yield self.later(5, 60)
        reason: str = words()["reasons"]["refuse"]
        commands.refuse(dossier=self.dossier, reason=reason, by=self.official(Role.CLERK), at=self.at)
