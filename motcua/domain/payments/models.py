"""What is kept about money owed."""

from django.db import models
from django.db.models import Q

from motcua.domain.payments.rules import (
    METHOD_NAMES,
    MISMATCH_NAMES,
    PROGRESS_NAMES,
    STATE_NAMES,
    SUBJECT,
    SURPLUS_NAMES,
    Progress,
    State,
    in_words,
)

_CAME = ["paid", "refund", "refunded"]


class Bill(models.Model):
    """Bill (khoản phí, lệ phí phải thu): what one subject owes at one time, in whole đồng."""

    #: what it is owed for, such as "dossier:1234"; no foreign key, because several products ask for money
    subject = models.CharField(max_length=60)
    #: what a payer writes on a transfer; not guessable from another one
    code = models.CharField(max_length=12, unique=True)
    #: [{"name": …, "kind": "phí" | "lệ phí", "amount": …, "law": …}]
    lines = models.JSONField()
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=list(STATE_NAMES.items()), default=State.ASKED)
    #: of the agency that asked; the receipt is numbered by the agency that took the money
    agency = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    method = models.CharField(max_length=10, choices=list(METHOD_NAMES.items()), blank=True)
    #: the payer's or the bank's own number; the same one twice is one payment
    reference = models.CharField(max_length=100, blank=True)
    paid_at = models.DateTimeField(null=True)
    paid_to = models.CharField(max_length=200, blank=True)
    receipt_agency = models.BigIntegerField(null=True)
    receipt_number = models.CharField(max_length=30, blank=True)
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(subject__regex=SUBJECT), name="bill_subject_format"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bill_of_something"),
            models.CheckConstraint(condition=Q(state__in=[str(s) for s in State]), name="bill_state_known"),
            models.CheckConstraint(
                condition=(Q(state="paid") & Q(paid_at__isnull=False) & ~Q(method="") & ~Q(receipt_number=""))
                | (~Q(state="paid") & Q(paid_at__isnull=True, method="", reference="", receipt_number="")),
                name="bill_paid_says_how",
            ),
            models.CheckConstraint(
                condition=Q(state="void", void_at__isnull=False) & ~Q(void_reason="")
                | (~Q(state="void") & Q(void_at__isnull=True, void_reason="")),
                name="bill_void_says_why",
            ),
            models.UniqueConstraint(fields=["subject"], condition=Q(state="asked"), name="bill_one_open"),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="bill_reference_once"
            ),
            models.UniqueConstraint(
                fields=["receipt_agency", "receipt_number"],
                condition=~Q(receipt_number=""),
                nulls_distinct=False,
                name="bill_receipt_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "asked_at"], name="bill_subject"),
            models.Index(fields=["paid_at"], condition=Q(state="paid"), name="bill_paid_at"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def in_words(self) -> str:
        """Write the amount out, as a receipt has to."""
        return in_words(self.amount)


class Attempt(models.Model):
    """Attempt (lượt thanh toán trực tuyến): one way to the payment platform, and what money came by it."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="attempts")
    #: MaTraCuuTT: the dossier's code and the second in which it was begun
    code = models.CharField(max_length=60, unique=True)
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=list(PROGRESS_NAMES.items()), default=Progress.INITIATED)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: what the platform said: sum, the bank's number of the transaction, the bank's time
    received = models.PositiveBigIntegerField(null=True)
    reference = models.CharField(max_length=100, blank=True)
    paid_at = models.DateTimeField(null=True)
    #: why the money pays nothing, and how it was given back
    why = models.CharField(max_length=10, choices=list(SURPLUS_NAMES.items()), blank=True)
    refunded_at = models.DateTimeField(null=True)
    refunded_how = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in Progress]), name="attempt_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=_CAME, received__gt=0, paid_at__isnull=False) & ~Q(reference=""))
                | (~Q(state__in=_CAME) & Q(received=None, paid_at=None, reference="")),
                name="attempt_money_says_how_much",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=_CAME[1:]) & ~Q(why="")) | (~Q(state__in=_CAME[1:]) & Q(why="")),
                name="attempt_refund_says_why",
            ),
            models.CheckConstraint(
                condition=(Q(state="refunded", refunded_at__isnull=False) & ~Q(refunded_how=""))
                | (~Q(state="refunded") & Q(refunded_at=None, refunded_how="")),
                name="attempt_refunded_says_how",
            ),
            models.UniqueConstraint(fields=["bill"], condition=Q(state="initiated"), name="attempt_one_open"),
            models.UniqueConstraint(fields=["bill"], condition=Q(state="paid"), name="attempt_one_pays"),
        ]
        indexes = [
            models.Index(fields=["begun_at"], condition=Q(state="initiated"), name="attempt_open"),
            models.Index(fields=["paid_at"], condition=Q(paid_at__isnull=False), name="attempt_paid_at"),
            models.Index(fields=["ended_at"], condition=Q(state="refund"), name="attempt_to_refund"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def case(self) -> str:
        """Give the code of what is paid for."""
        return self.code[:-14]


class Difference(models.Model):
    """Difference (chênh lệch đối soát): the platform's word and our book do not agree on one payment."""

    #: the day in which the money came
    day = models.DateField()
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=list(MISMATCH_NAMES.items()))
    ours = models.PositiveBigIntegerField(null=True)
    theirs = models.PositiveBigIntegerField(null=True)
    reference = models.CharField(max_length=100, blank=True)
    #: of the agency whose bill it is; nothing when no bill is known
    agency = models.BigIntegerField(null=True)
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_how = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "kind", "reference"], name="difference_once"),
            models.CheckConstraint(
                condition=(Q(closed_at__isnull=False) & ~Q(closed_how="")) | Q(closed_at=None, closed_how=""),
                name="difference_closed_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["found_at"], condition=Q(closed_at=None), name="difference_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

    @property
    def subject(self) -> str:
        """Name the day in the event log."""
        return f"reconciliation:{self.day:%Y%m%d}"
