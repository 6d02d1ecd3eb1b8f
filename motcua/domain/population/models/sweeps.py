"""What watching the usage log leaves behind."""

from django.db import models
from django.db.models import CheckConstraint, Q

from motcua.domain.population.rules.sweeping import SWEEP_NAMES, Sweep


class Alert(models.Model):
    """Alert (cảnh báo tra cứu): look-ups of one official that look like sweeping; one a day and kind."""

    subscriber = models.ForeignKey("population.Subscriber", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=80, blank=True)
    officer = models.CharField(max_length=80)
    sweep = models.CharField(max_length=10, choices=list(SWEEP_NAMES.items()))
    #: of what there was too much
    count = models.PositiveIntegerField()
    #: the hour that was looked at ends here
    at = models.DateTimeField()
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "officer", "sweep", "on"], name="alert_once_a_day_and_kind"
            ),
            CheckConstraint(name="alert_sweep", condition=Q(sweep__in=[one.value for one in Sweep])),
        ]
        indexes = [models.Index(fields=["-at"], name="alert_at")]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """Name this alert in the event log."""
        return f"alert:{self.pk}"
