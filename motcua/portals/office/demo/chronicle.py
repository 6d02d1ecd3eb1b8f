"""Writing the past of the demonstration down in the order in which it happened."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.module_loading import import_string

from motcua.base import events
from motcua.base.errors import Refused
from motcua.base.models import Event
from motcua.connectors.population import Failed
from motcua.domain.dossiers.events import SUBMITTED
from motcua.portals.office.demo.fates import Fate
from motcua.portals.office.demo.lives import Life, Road

#: a worker is at it so long after a fact
REACTION = timedelta(seconds=7)
#: what was filed so lately is compared with the register by the workers themselves
PRESENT = timedelta(hours=24)


@dataclass
class Chronicle:
    """Everything that happens until now."""

    now: datetime
    #: refusals that ended a road too early: reason → how many
    stuck: Counter[str] = field(default_factory=Counter)
    _pending: list[tuple[Event, str]] = field(default_factory=list)

    def write(self, lives: Iterable[tuple[Life, Fate]], tell: Callable[[int], None]) -> int:
        """Let these dossiers live until now, all side by side; give how many there are."""
        waiting: list[tuple[datetime, int, Road]] = [
            (life.at, life.number, fate.road(life)) for life, fate in lives
        ]
        heapq.heapify(waiting)
        total = len(waiting)
        with events.reactions_to(lambda event, job: self._pending.append((event, job))):
            while waiting:
                _at, number, road = heapq.heappop(waiting)
                following = self._go_on(road)
                if following and following <= self.now:
                    heapq.heappush(waiting, (following, number, road))
                else:
                    tell(total - len(waiting))
        return total

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
