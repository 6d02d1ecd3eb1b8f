"""What a witness keeps: heads, and what was wrong with later ones."""

from django.db import models
from django.db.models import CheckConstraint, Q

from motcua.domain.witness.rules import FAULT_NAMES


class KeptHead(models.Model):
    """KeptHead (đỉnh cây đã giữ): a signed head of the register's usage log; a trigger keeps it as it was."""

    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    #: the signature (JWS), and the public key (JWK) that it holds under
    token = models.CharField(max_length=1000)
    key = models.JSONField()
    kept_at = models.DateTimeField()
    #: when the register last stood by it
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["size"], name="kept_head_size")]

    def __str__(self) -> str:
        return f"head {self.size}"


class Alarm(models.Model):
    """Alarm (cảnh báo sổ khai thác): the register's log is not what it was; open until it is explained."""

    fault = models.CharField(max_length=10, choices=list(FAULT_NAMES.items()))
    #: the head that was kept, if any, and what was told instead
    kept = models.ForeignKey(KeptHead, on_delete=models.PROTECT, null=True, related_name="alarms")
    size = models.PositiveBigIntegerField(null=True)
    root = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=1000, blank=True)
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=1000, blank=True)
    #: heads are kept anew from the closing on: the change was explained
    anew = models.BooleanField(default=False)

    class Meta:
        constraints = [
            CheckConstraint(
                name="alarm_closed_with_note",
                condition=Q(closed_at=None, note="", anew=False) | (Q(closed_at__isnull=False) & ~Q(note="")),
            ),
            models.UniqueConstraint(
                fields=["fault", "root"], condition=Q(closed_at=None), name="alarm_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"alarm:{self.pk}"
