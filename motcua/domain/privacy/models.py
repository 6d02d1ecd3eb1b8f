"""What people asked about their data, and breaches."""

from django.db import models
from django.db.models import CheckConstraint, Q

from motcua.domain.privacy import law
from motcua.domain.privacy.law import Ground
from motcua.domain.privacy.rules import KIND_NAMES, OPEN, STATE_NAMES, State

_OPEN = sorted(str(state) for state in OPEN)


class DataRequest(models.Model):
    """DataRequest (yêu cầu về dữ liệu cá nhân): what somebody asks of the site about their own data."""

    #: key of the person on this site
    person = models.BigIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=list(KIND_NAMES.items()))
    text = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=list(STATE_NAMES.items()), default=State.RECEIVED)
    received_at = models.DateTimeField()
    #: what was promised, and the last moment that the law gives
    due_at = models.DateTimeField()
    last_at = models.DateTimeField()
    law = models.CharField(max_length=200)
    #: the term was read in the official text
    verified = models.BooleanField()
    answer = models.CharField(max_length=2000, blank=True)
    #: of a refusal: key in law/grounds.toml
    ground = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="data_request_ended_with_time",
                condition=Q(state__in=_OPEN, ended_at=None)
                | (~Q(state__in=_OPEN) & Q(ended_at__isnull=False)),
            ),
            CheckConstraint(
                name="data_request_refused_with_ground",
                condition=(Q(state=State.REFUSED) & ~Q(ground="") & ~Q(answer=""))
                | (~Q(state=State.REFUSED) & Q(ground="")),
            ),
            CheckConstraint(name="data_request_due_within_law", condition=Q(due_at__lte=models.F("last_at"))),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state__in=_OPEN), name="data_request_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="data_request_person"),
            models.Index(fields=["due_at"], condition=Q(state__in=_OPEN), name="data_request_due"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """Name this request in the event log."""
        return f"data_request:{self.pk}"

    @property
    def open(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.state in OPEN

    @property
    def refused_on(self) -> Ground | None:
        """Give the ground of the refusal."""
        return law.named(self.ground)


class Breach(models.Model):
    """Breach (vi phạm dữ liệu cá nhân): data got where they should not; the authority is told in time."""

    #: what happened, what kinds of data, how many people, what was done
    text = models.CharField(max_length=4000)
    people = models.PositiveIntegerField()
    noticed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    law = models.CharField(max_length=200)
    reported_at = models.DateTimeField(null=True)
    #: number and date of the notice that was sent
    notice = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="breach_reported_with_notice",
                condition=Q(reported_at=None, notice="") | (Q(reported_at__isnull=False) & ~Q(notice="")),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """Name this breach in the event log."""
        return f"breach:{self.pk}"
