"""Gives the officials of a demonstration something to decide."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from PIL import Image, ImageDraw

from motcua.base import events, files
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.models import Event
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import applying, deciding, desk, duties, organizations, sessions
from motcua.domain.accounts.models import Session
from motcua.domain.accounts.rules.applications import Check
from motcua.domain.population import queries as population
from motcua.domain.population.commands import complaining
from motcua.domain.population.models import Person
from motcua.domain.privacy import commands as privacy
from motcua.domain.privacy.rules import Action, Kind

STRANGE = "Hôm đó tôi không đến trụ sở Công an xã. Vì sao có người xem dữ liệu của tôi?"
ASKED = "Đề nghị Công an xã cho biết người xem, lý do và giấy tờ kèm theo."
REPLIED = "Công dân đến hỏi về tài khoản định danh; cán bộ quét thẻ tại bàn lúc 9 giờ. Có sổ tiếp dân."
EXPLAINED = (
    "Cán bộ Công an xã quét thẻ căn cước của bạn khi bạn đến hỏi về tài khoản định danh. "
    "Sổ tiếp dân có ghi lượt này. Việc tra cứu đúng quy định."
)
CORRECTION = "Số điện thoại trong dữ liệu dân cư là số cũ. Đề nghị sửa theo số tôi đang dùng."
RESTRICTION = "Đề nghị tạm ngừng dùng địa chỉ cũ của tôi cho đến khi sửa xong."
PHONE = "0900000{:03d}"


class Command(BaseCommand):
    """Lets people apply, complain and ask about their data in the last days; run again, it adds nothing."""

    help = "Read what `demo_people` wrote, and let some of these people need the desk's answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file."""
        parser.add_argument("people", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it all down at once, and let the workers react afterwards."""
        if not settings.DEMO:
            raise CommandError("Only a demonstration (MOTCUA_DEMO=1) may have made-up cases.")
        if population.complaints(SYSTEM).exists():
            self.stdout.write("Đã có / already there")
            return
        cast = json.loads(options["people"].read_text(encoding="utf-8"))
        with transaction.atomic(), override("vi"):
            Cases(cast, timezone.now()).happen()
        waiting = queries.line(SYSTEM, at=timezone.now())
        self.stdout.write(f"{len(waiting)} đề nghị, 2 phản ánh, 2 yêu cầu về dữ liệu / cases")


class Cases:
    """What happened at the desk in the days before the demonstration."""

    def __init__(self, cast: dict[str, Any], now: datetime) -> None:
        self.cast, self.now = cast, now
        father, mother = cast["parents"]
        self.place = father["commune"]
        self.father, self.mother = father["number"], mother["number"]
        self.driver, self.mover = (cast[part][0]["number"] for part in ("driver", "mover"))
        _administrator, first, second, auditor = (row["number"] for row in cast["desk"])
        self.first, self.second, self.auditor = first, second, auditor
        self.told: list[tuple[Event, str]] = []

    def happen(self) -> None:
        """Let everything happen in its order; what it brings about is left to the workers."""
        with events.reactions_to(lambda event, job: self.told.append((event, job))):
            self.be_looked_at()
            self.ask_about_data()
            self.apply()
        for event, job in self.told:
            events.queue(event, job)

    def be_looked_at(self) -> None:
        """Let an officer look two people up, who find it strange; one of them has been answered."""
        officer, auditor = self.official(self.first), self.official(self.auditor)
        for number, days in ((self.mover, 3), (self.driver, 1)):
            at = self.now - timedelta(days=days)
            desk.look(number=number, by=officer, at=at)
            me, asked_at = self.citizen(number), at + timedelta(hours=2)
            look = population.looks(me, at=asked_at)[0]
            made = complaining.complain(usage=look.pk, text=STRANGE, by=me, at=asked_at)
            if number == self.driver:
                continue
            act = partial(complaining.ask, complaint=made.pk, text=ASKED, by=auditor)
            inquiry = act(at=asked_at + timedelta(hours=3))
            replied_at = asked_at + timedelta(hours=20)
            complaining.note_reply(inquiry=inquiry.pk, text=REPLIED, by=auditor, at=replied_at)
            at = replied_at + timedelta(hours=1)
            complaining.answer(complaint=made.pk, text=EXPLAINED, by=auditor, at=at)

    def ask_about_data(self) -> None:
        """Let one request be worked on in time, and another be late."""
        late, lately = self.now - timedelta(days=5), self.now - timedelta(days=1)
        privacy.ask(kind=Kind.RESTRICT, text=RESTRICTION, by=self.citizen(self.driver), at=late)
        asked = privacy.ask(kind=Kind.CORRECT, text=CORRECTION, by=self.citizen(self.mover), at=lately)
        by, at = self.official(self.auditor), lately + timedelta(hours=2)
        privacy.move(request=asked.pk, action=Action.TAKE, by=by, at=at)

    def apply(self) -> None:
        """Let one application of each kind wait for an answer, and one for its activation."""
        first, second = self.official(self.first), self.official(self.second)
        at_home, with_card, activating, *more = self.adults()
        at = self.now - timedelta(hours=5)
        self.online(at_home, at=at)
        session = self.session(self.mother, at=at)
        child = queries.children(session.account, on=timezone.localdate(at))[0]
        by, today = queries.actor_of(session), timezone.localdate(at)
        filed = partial(applying.file_in_person, known=True, by=first, at=at)
        if 1 in queries.levels(child, on=today):
            applying.file_for_child(child=child, session=session, photo=face("con"), by=by, at=at)
        else:  # without a card the mother brings the child to the desk
            phone, mother = PHONE.format(5), session.account
            filed(person=child, level=2, guardian=mother, phone=phone, check=Check.PHOTO)
        sessions.log_out(session=session, by=by, at=at)
        filed(person=with_card, level=2, phone=PHONE.format(2), check=Check.CHIP)
        without = next((one for one in more if not queries.has_card(one, on=today)), more[0])
        filed(person=without, level=2, phone=PHONE.format(3), check=Check.PHOTO)
        ready = filed(person=activating, level=2, phone=PHONE.format(4), check=Check.CARD)
        deciding.approve(application=ready, by=second, at=at + timedelta(hours=1))
        session = self.session(self.father, at=at)
        by = queries.actor_of(session)
        organizations.apply(
            session=session,
            code="3900000001",
            name="Hợp tác xã Nông nghiệp Tân Biên",
            known=False,
            representatives=[],
            by=by,
            at=at,
        )
        sessions.log_out(session=session, by=by, at=at)

    def online(self, person: Person, *, at: datetime) -> None:
        """Let somebody apply at home, with the code that came to the phone."""
        application = applying.begin(
            number=person.number,
            name=person.name,
            born_on=person.born_on,
            phone=PHONE.format(1),
            address="192.0.2.1",
            by=SYSTEM,
            at=at,
        )
        message = queries.message(self.told[-1][0].data["message"])
        assert message is not None
        code = re.search(r"\d{6}", queries.text_of(message).words)
        assert code is not None
        applying.file_online(application=application, code=code[0], photo=face(person.name), by=SYSTEM, at=at)

    def adults(self) -> Iterator[Person]:
        """Give people without an account, those of the desk's commune first; the same ones in every run."""
        rows = [*self.cast["mothers"], *self.cast["adults"]]
        for row in sorted(rows, key=lambda row: row["commune"] != self.place):
            person = population.by_number(row["number"])
            if person and queries.held_level(person) is None:
                yield person

    def session(self, number: str, *, at: datetime) -> Session:
        """Log one of the demonstration's people in."""
        account = queries.account_by_number(number)
        assert account is not None
        return sessions.log_in_as_demo(account=account, by=SYSTEM, at=at)

    def citizen(self, number: str) -> Actor:
        """Give one of the people with an account in their own matters."""
        person = population.by_number(number)
        assert person is not None
        return Actor(name=person.name, roles=frozenset({Role.CITIZEN}), person=person.pk)

    def official(self, number: str) -> Actor:
        """Give one of the officials in their duty."""
        session, on = self.session(number, at=self.now), timezone.localdate(self.now)
        duty = queries.own_duties(session.account, on=on)[0]
        by = queries.actor_of(session)
        acting = queries.actor_of(duties.take_up(session=session, duty=duty, by=by, at=self.now), on=on)
        sessions.log_out(session=session, by=by, at=self.now)
        return acting


def face(name: str) -> files.Upload:
    """Draw a face on a light background, another shirt for each name."""
    picture = Image.new("RGB", (354, 472), "#eef3f8")
    draw, tone = ImageDraw.Draw(picture), 60 + sum(map(ord, name)) % 120
    draw.ellipse((40, 330, 314, 620), fill=(tone, 90, 200 - tone))
    draw.rectangle((150, 270, 204, 350), fill="#e3b48f")
    draw.ellipse((95, 90, 259, 290), fill="#1d1a18")
    draw.ellipse((107, 120, 247, 310), fill="#e3b48f")
    for side in (-28, 28):
        draw.ellipse((170 + side, 200, 184 + side, 210), fill="#1d1a18")
    draw.arc((150, 235, 204, 275), 20, 160, fill="#8d3b34", width=4)
    bytes_ = BytesIO()
    picture.save(bytes_, "JPEG", quality=75)
    return files.wrapped(bytes_.getvalue(), "anh-khuon-mat.jpg")
