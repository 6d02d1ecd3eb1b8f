from django.utils import timezone

from motcua.base import events
from motcua.base.actor import SYSTEM

SEEN = []


def note(*, event, at):
    """Remember a fact, and cause another one."""
    SEEN.append((event.name, at >= event.at))
    if event.name == "test.first":
        events.record("test.second", subject="test:1", by=SYSTEM, at=at)


REACTIONS = {"test.first": [f"{__name__}.note"], "test.second": [f"{__name__}.note"]}


def test_queued_jobs_and_those_they_queue_run_here_and_now(work, settings):
    settings.WIRING = __name__
    SEEN.clear()
    events.record("test.first", subject="test:1", by=SYSTEM, at=timezone.now())
    assert SEEN == []
    assert work() == 2
    assert SEEN == [("test.first", True), ("test.second", True)]
    assert work() == 0
