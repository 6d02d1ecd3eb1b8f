"""Writing the past of the demonstration down in the order in which it happened."""

import heapq
import math
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from django.utils import timezone
from django.utils.module_loading import import_string

from motcua.base import events
from motcua.base.deadline import Term, Unit
from motcua.base.errors import Refused
from motcua.base.models import Event
from motcua.connectors.population import Failed
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers.events import SUBMITTED
from motcua.domain.dossiers.models import Channel
from motcua.domain.procedures import queries as catalogue
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.models import ProcedureVersion
from motcua.portals.office.demo.answers import mothers_only
from motcua.portals.office.demo.cast import Cast, Somebody
from motcua.portals.office.demo.fates import FATES, Fate, in_turn
from motcua.portals.office.demo.hours import Hours
from motcua.portals.office.demo.lives import Life, Road
from motcua.portals.office.demo.staff import Place, Staff

#: names the dossiers of the demonstration, so that a second run knows the first one's
NAMES = uuid.UUID("6f0e0d5c-8a53-5f0e-9d55-2b1c6f1e8c06")
#: a worker is at it so long after a fact
REACTION = timedelta(seconds=7)
#: what was filed so lately is compared with the register by the workers themselves
PRESENT = timedelta(hours=24)
#: nobody older renews a driving licence
OLDEST = 75


@dataclass(frozen=True)
class Story:
    """A citizen who can be logged in as, and what has become of their one dossier."""

    part: str
    procedure: str
    fate: str


#: in the words of the packages' folders; the mother files hers in the browser
STORIES = (
    Story("mover", "permanent-residence", "supplement asked"),
    Story("driver", "driving-licence-reissue", "waiting for money"),
    Story("elder", "permanent-residence", "before the leader"),
)


@dataclass
class Chronicle:
    """Everything that happens until now."""

    cast: Cast
    staff: Staff
    now: datetime
    seed: int
    #: the oldest dossier is so old
    weeks: int
    stuck: Counter[str] = field(default_factory=Counter)
    _pending: list[tuple[Event, str]] = field(default_factory=list)

    def key(self, number: int) -> uuid.UUID:
        """Name one dossier, the same one in every run."""
        return uuid.uuid5(NAMES, f"{self.seed}:{number}")

    def write(self, numbers: list[int], tell: Callable[[int], None]) -> int:
        """Let these dossiers live until now, all side by side; give how many there are."""
        lives = self._lives(numbers)
        waiting: list[tuple[datetime, int, Road, Life]] = []
        for life, road in lives:
            heapq.heappush(waiting, (life.at, life.number, road, life))
        begun = 0
        with events.reactions_to(lambda event, job: self._pending.append((event, job))):
            while waiting:
                _at, number, road, life = heapq.heappop(waiting)
                following = self._go_on(road)
                if following and following <= self.now:
                    heapq.heappush(waiting, (following, number, road, life))
                    continue
                begun += 1
                tell(begun)
        return begun

    def _go_on(self, road: Road) -> datetime | None:
        """Do one act with what it brings about; a refusal ends the road there, as it would for people."""
        try:
            following = next(road, None)
        except Refused as refused:
            self.stuck[str(refused)] += 1
            following = None
        while self._pending:
            self._react(*self._pending.pop(0))
        return following

    def _react(self, event: Event, job: str) -> None:
        """Do the workers' part at the time of the fact; they keep the present and an absent register."""
        if event.at > self.now - PRESENT and event.name == SUBMITTED:
            events.queue(event, job)
            return
        try:
            import_string(job)(event=event, at=event.at + REACTION)
        except Failed:
            events.queue(event, job)

    # ------------------------------------------------------------------ who, where, what

    def _lives(self, numbers: list[int]) -> Iterator[tuple[Life, Road]]:
        wanted = set(numbers)
        fates = in_turn()
        for number in range(max(numbers, default=-1) + 1):
            chance = Random(f"{self.seed}:{number}")  # noqa: S311 - a story, not a secret
            fate = next(fates)
            if number not in wanted:
                continue
            who, place, fate = self._part(number, fate, chance)
            life = self._life(number, who, place, fate, chance)
            yield life, fate.road(life)

    def _part(self, number: int, fate: Fate, chance: Random) -> tuple[Somebody, Place, Fate]:
        """Choose who wants what of whom; the first ones are the stories of the people one can log in as."""
        if number < len(STORIES):
            story = STORIES[number]
            who: Somebody = getattr(self.cast, story.part)
            place = next(
                place
                for place in self.staff.places
                if place.commune == self._home(who) and place.slug == story.procedure
            )
            return who, place, next(one for one in FATES if one.name == story.fate)
        codes = list(
            dict.fromkeys(
                p.version.code for p in self.staff.places if not fate.fee or charged(p.version, self.now)
            )
        )
        code = codes[number % len(codes)]
        places = [place for place in self.staff.places if place.version.code == code]
        # the communes of the stories come twice as often, so that their officers see fuller lists
        commune = chance.choice([*self.cast.communes[:2], *self.cast.communes])
        place = next(place for place in places if place.commune == commune)
        return self._applicant(place, chance), place, fate

    def _home(self, who: Somebody) -> str:
        """Give the commune of somebody, or the first one when their own plays no part."""
        return who.commune if who.commune in self.cast.communes else self.cast.communes[0]

    def _applicant(self, place: Place, chance: Random) -> Somebody:
        if mothers_only(place.slug):
            here = [one for one in self.cast.mothers if one.commune == place.commune]
            return chance.choice(here or list(self.cast.mothers))
        oldest = f"{self.now.year - OLDEST}"
        return chance.choice([one for one in self.cast.adults if one.born_on > oldest])

    def _life(self, number: int, who: Somebody, place: Place, fate: Fate, chance: Random) -> Life:
        hours = Hours(agencies.calendar(place.agency.pk), self.now)
        term = procedures.term(place.version.spec, {}, on=timezone.localdate(self.now))
        old = max(days(term) + 4, self.weeks * 5)
        age = fate.age(chance, days(term)) if fate.age else chance.randint(days(term) + 4, old)
        online = fate.online or number < len(STORIES) or chance.random() < 0.5
        at = hours.moment(hours.day(age), chance, term=None if fate.late else term)
        return Life(
            number=number,
            key=self.key(number),
            place=place,
            who=who,
            cast=self.cast,
            staff=self.staff,
            channel=Channel.ONLINE if online else Channel.DIRECT,
            hours=hours,
            at=at,
            version=version_of(place.version.code, timezone.localdate(at)),
            chance=chance,
            pace=chance.uniform(*fate.pace),
        )


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
