"""Who wants what of whom, and what is to become of it: one life after another, the same ones in every run."""

import math
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from random import Random

from django.utils import timezone

from motcua.base.deadline import Term, Unit
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers.models import Channel
from motcua.domain.procedures import queries as catalogue
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.models import ProcedureVersion
from motcua.portals.office.demo.answers import OLD, mothers_only
from motcua.portals.office.demo.cast import Cast, Somebody
from motcua.portals.office.demo.fates import FATES, Fate, in_turn
from motcua.portals.office.demo.hours import Hours
from motcua.portals.office.demo.lives import Life
from motcua.portals.office.demo.staff import Place, Staff

#: names the dossiers of the demonstration, so that a second run knows the first one's
NAMES = uuid.UUID("6f0e0d5c-8a53-5f0e-9d55-2b1c6f1e8c06")
#: nobody older renews a driving licence
OLDEST = 75


@dataclass(frozen=True)
class Story:
    """A citizen who can be logged in as, and what has become of their one dossier."""

    part: str
    #: in the words of the packages' folders
    procedure: str
    fate: str


#: they come first; the mother files hers in the browser
STORIES = (
    Story("mover", "permanent-residence", "supplement asked"),
    Story("driver", "driving-licence-reissue", "waiting for money"),
    Story("elder", "permanent-residence", "before the leader"),
)


@dataclass(frozen=True)
class Casting:
    """Gives the lives of a demonstration by their numbers."""

    cast: Cast
    staff: Staff
    now: datetime
    seed: int
    #: the oldest dossier is so old
    weeks: int

    def key(self, number: int) -> uuid.UUID:
        """Name one dossier, the same one in every run."""
        return uuid.uuid5(NAMES, f"{self.seed}:{number}")

    def lives(self, numbers: Collection[int]) -> Iterator[tuple[Life, Fate]]:
        """Give these lives with their fates, in the order of their numbers."""
        fates = in_turn()
        for number in range(max(numbers, default=-1) + 1):
            chance = Random(f"{self.seed}:{number}")  # noqa: S311 - a story, not a secret
            story = STORIES[number] if number < len(STORIES) else None
            fate = fate_of(story.fate) if story else next(fates)
            if number in numbers:
                who, place = self._of_story(story) if story else self._anybody(number, fate, chance)
                online = story is not None or fate.online or chance.random() < 0.5
                channel = Channel.ONLINE if online else Channel.DIRECT
                yield self._life(number, fate, chance, who=who, place=place, channel=channel), fate

    def _of_story(self, story: Story) -> tuple[Somebody, Place]:
        who: Somebody = getattr(self.cast, story.part)
        home = who.commune if who.commune in self.cast.communes else self.cast.communes[0]
        at_home = (place for place in self.staff.places if place.commune == home)
        return who, next(place for place in at_home if place.slug == story.procedure)

    def _anybody(self, number: int, fate: Fate, chance: Random) -> tuple[Somebody, Place]:
        # the communes of the stories come twice as often, so that their officers see fuller lists
        commune = chance.choice([*self.cast.communes[:2], *self.cast.communes])
        fitting = (p for p in self.staff.places if not fate.fee or charged(p.version, self.now))
        here = [place for place in fitting if place.commune == commune]
        place = here[number % len(here)]
        if mothers_only(place.slug):
            mothers = [one for one in self.cast.mothers if one.commune == commune]
            return chance.choice(mothers or list(self.cast.mothers)), place
        # the old are spared some fees
        oldest = f"{self.now.year - (OLD - 1 if fate.fee else OLDEST)}"
        return chance.choice([one for one in self.cast.adults if one.born_on > oldest]), place

    def _life(
        self, number: int, fate: Fate, chance: Random, *, who: Somebody, place: Place, channel: Channel
    ) -> Life:
        hours = Hours(agencies.calendar(place.agency.pk), self.now)
        term = procedures.term(place.version.spec, {}, on=timezone.localdate(self.now))
        old = max(days(term) + 4, self.weeks * 5)
        age = fate.age(chance, days(term)) if fate.age else chance.randint(days(term) + 4, old)
        at = hours.moment(hours.day(age), chance, term=None if fate.late else term)
        return Life(
            number=number,
            key=self.key(number),
            place=place,
            version=version_of(place.version.code, timezone.localdate(at)),
            who=who,
            cast=self.cast,
            staff=self.staff,
            channel=channel,
            hours=hours,
            at=at,
            chance=chance,
            pace=chance.uniform(*fate.pace),
        )


def fate_of(name: str) -> Fate:
    """Find a fate by its name."""
    return next(fate for fate in FATES if fate.name == name)


@cache
def version_of(code: str, on: date) -> ProcedureVersion:
    """Give the version of a procedure that was in force on a day."""
    return catalogue.current(code, on=on)


def days(term: Term) -> int:
    """Say a time limit in working days; what is answered on the same day has none."""
    if term.unit is Unit.SAME_DAY:
        return 0
    return math.ceil(term.amount / 8) if term.unit is Unit.HOUR else math.ceil(term.amount)


def charged(version: ProcedureVersion, now: datetime) -> bool:
    """Tell whether everybody pays for a procedure."""
    rules = procedures.in_force(version.spec.fees, timezone.localdate(now))
    return any(not rule.when and not rule.times for rule in rules)
