"""What the ground floor keeps: the event log and running numbers."""

from django.db import models


class Event(models.Model):
    """Event (sự kiện): one fact on the log; a database trigger refuses to change or delete it."""

    #: what it is about, for example "dossier:1234"
    subject = models.CharField(max_length=60)
    #: 1, 2, 3 … within the subject
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=200)
    by_agency = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="event_once_per_number")]
        indexes = [
            models.Index(fields=["name", "at"], name="event_name_at"),
            models.Index(fields=["at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.number} {self.subject}"


class Serial(models.Model):
    """Serial (số chạy): the last number given out under a name."""

    name = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
