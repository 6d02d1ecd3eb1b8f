"""Recovering accounts."""

from django.db import models
from django.db.models import CheckConstraint, F, Q

from motcua.domain.accounts.models.accounts import Account
from motcua.domain.accounts.rules.applications import CHECK_NAMES, Check


class Recovery(models.Model):
    """Recovery (khôi phục tài khoản): begun at a desk, cooling, then finished by its holder or cancelled."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recoveries")
    checked_by = models.CharField(max_length=10, choices=list(CHECK_NAMES.items()))
    #: what people call the desk
    place_name = models.CharField(max_length=200)
    #: where the code goes, and the account's telephone from then on
    phone = models.CharField(max_length=15)
    begun_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    #: keyed (base/secrets.py), from when it was sent
    code_hash = models.BinaryField(null=True)
    #: done, cancelled or too late
    ended_at = models.DateTimeField(null=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "recoveries"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at=None), name="recovery_one_at_a_time"
            ),
            CheckConstraint(condition=Q(ready_at__gt=F("begun_at")), name="recovery_cools"),
            CheckConstraint(
                condition=Q(checked_by__in=[one.value for one in Check]), name="recovery_checked_in_person"
            ),
        ]
        indexes = [models.Index(fields=["ready_at"], condition=Q(ended_at=None), name="recovery_waiting")]

    def __str__(self) -> str:
        return f"recovery #{self.pk}"
