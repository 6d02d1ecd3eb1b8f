"""What is kept about money owed."""

from django.db import models
from django.db.models import Q

from motcua.domain.payments.rules import METHOD_NAMES, STATE_NAMES, SUBJECT, State, in_words


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
