"""Devices that wait to be let in by another."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from motcua.domain.accounts.models.accounts import Session
from motcua.domain.accounts.models.clients import AuthorizationRequest
from motcua.domain.accounts.rules.pairing import STATE_NAMES, PairingState


class Pairing(models.Model):
    """Pairing (đăng nhập bằng điện thoại): a browser waits for the phone to choose its number."""

    #: what the phone reads off the picture
    key = models.CharField(max_length=43, unique=True)
    #: what only the waiting browser has: nobody else is let in
    holder = models.CharField(max_length=43, unique=True)
    number = models.PositiveSmallIntegerField()
    #: what the phone chooses from, in this order
    shown = ArrayField(models.PositiveSmallIntegerField())
    state = models.CharField(
        max_length=10, choices=list(STATE_NAMES.items()), default=PairingState.WAITING.value
    )
    #: the system that waits for this log-in, if any
    request = models.ForeignKey(AuthorizationRequest, on_delete=models.CASCADE, null=True, related_name="+")
    #: what the waiting browser calls itself
    agent = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    #: the phone's log-in that answered
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", session=None)
                | models.Q(state__in=["approved", "declined", "mistaken", "taken"], session__isnull=False),
                name="pairing_answered_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["made_at"], name="pairing_made_at")]

    def __str__(self) -> str:
        return f"pairing #{self.pk}"

    @property
    def subject(self) -> str:
        """Name this in the event log while nobody knows who waits."""
        return f"pairing:{self.pk}"
