"""The clock of the workers: sends what wiring.SCHEDULE lists, runs lost jobs again, sweeps up."""

from datetime import datetime, timedelta

import croniter
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from motcua.base.models import Budget, Turn, Visit

#: hours for which finished jobs can be looked at; the event log keeps the facts for ever
KEPT = 72


@app.periodic(cron="* * * * *")
@app.task(name="tick", queue="clock", queueing_lock="tick")
def tick(timestamp: int) -> None:
    """Send every scheduled job whose hour has come."""
    send_due(timezone.now())


def send_due(now: datetime) -> list[str]:
    """Send, once for each of its hours, every scheduled job of this site; an hour slept through is made up.

    Cron hours are local ones. A job seen for the first time waits for its next hour.
    """
    sent = []
    for cron, job in import_string(f"{settings.WIRING}.SCHEDULE"):
        if not _lives_here(job):
            continue
        just_after = timezone.localtime(now) + timedelta(microseconds=1)  # get_prev leaves out its start
        hour = croniter.croniter(cron, just_after).get_prev(datetime)
        with transaction.atomic():
            turn, new = Turn.objects.select_for_update().get_or_create(job=job, defaults={"last_for": now})
            if not new and turn.last_for < hour:
                turn.last_for = hour
                turn.save()
                scheduled.defer(job=job)
                sent.append(job)
    return sent


def _lives_here(job: str) -> bool:
    """Tell whether the job's module is installed on this site: the schedule lists both sites' jobs."""
    return any(job.startswith(f"{config.name}.") for config in apps.get_app_configs())


@app.task(name="scheduled", queue="clock", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def scheduled(job: str) -> None:
    """Run one scheduled job; it may be run twice without harm."""
    import_string(job)(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", queue="clock", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put the jobs of workers that died back into the queue."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)


@app.periodic(cron="17 * * * *")
@app.task(name="sweep", queue="clock", queueing_lock="sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Delete finished jobs, ended sessions, visits and used-up budgets after their time."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT, include_failed=False)
    now = timezone.now()
    await Session.objects.filter(expire_date__lt=now).adelete()
    await Visit.objects.filter(until__lt=now).adelete()
    await Budget.objects.filter(until__lt=now).adelete()
