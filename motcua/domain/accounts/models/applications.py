"""Applications for accounts, and the organizations that came of them."""

from django.db import models
from django.db.models import CheckConstraint, Q

from motcua.base.models import StoredFile
from motcua.domain.accounts.models.accounts import Account
from motcua.domain.accounts.rules.applications import (
    CHECK_NAMES,
    HOLDER_NAMES,
    STATE_NAMES,
    TERMS,
    Case,
    Holder,
    State,
)
from motcua.domain.population.models import Person


class Organization(models.Model):
    """Organization (tổ chức): an organization with an account of its own, opened through its head's."""

    #: enterprise or establishment number
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    head = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="headed")
    opened_at = models.DateTimeField()
    #: nobody acts for it while it is locked
    locked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Name this organization in the event log."""
        return f"organization:{self.pk}"


class Application(models.Model):
    """Application (đề nghị cấp tài khoản): somebody asks for an account, up to its activation."""

    #: in the applicant's browser
    key = models.CharField(max_length=43, unique=True)
    holder = models.CharField(max_length=20, choices=list(HOLDER_NAMES.items()))
    case = models.CharField(
        max_length=30, choices=[(case.value, given.words) for case, given in TERMS.items()]
    )
    #: 1 or 2; 0 for an organization
    level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=list(STATE_NAMES.items()), default=State.DRAFT)
    #: whose account it will be; of an organization, its head
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    #: the parent who applies for a child
    guardian = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    organization_code = models.CharField(max_length=20, blank=True)
    organization_name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    #: the commune whose desk decides; empty: any desk
    place_code = models.CharField(max_length=5, blank=True)
    checked_by = models.CharField(max_length=10, choices=list(CHECK_NAMES.items()), blank=True)
    #: who took it in at a desk, in the event log's words
    taken_by = models.CharField(max_length=40, blank=True)
    #: keyed (base/secrets.py): the code that proves the telephone, later the one that activates
    code_hash = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    activate_until = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="application_state"),
            CheckConstraint(condition=Q(case__in=[one.value for one in Case]), name="application_case"),
            CheckConstraint(
                condition=Q(holder=Holder.ORGANIZATION.value, level=0)
                & ~Q(organization_code="")
                & ~Q(organization_name="")
                | ~Q(holder=Holder.ORGANIZATION.value)
                & Q(level__in=[1, 2], organization_code="", organization_name=""),
                name="application_level_of_holder",
            ),
            CheckConstraint(
                condition=Q(state__in=[State.DRAFT.value, State.WITHDRAWN.value], filed_at=None, due_at=None)
                | ~Q(state=State.DRAFT.value) & Q(filed_at__isnull=False, due_at__isnull=False),
                name="application_filed_with_due_time",
            ),
            CheckConstraint(
                condition=Q(state=State.WITHDRAWN.value, withdrawn_at__isnull=False)
                | ~Q(state=State.WITHDRAWN.value) & Q(withdrawn_at=None),
                name="application_withdrawn_at_a_time",
            ),
            CheckConstraint(
                condition=~Q(level=2) | ~Q(checked_by=""), name="application_level_2_checked_in_person"
            ),
            models.UniqueConstraint(
                fields=["person", "holder"],
                condition=Q(state__in=[State.FILED.value, State.APPROVED.value], organization_code=""),
                name="application_one_open_per_person",
            ),
            models.UniqueConstraint(
                fields=["organization_code"],
                condition=Q(state__in=[State.FILED.value, State.APPROVED.value]) & ~Q(organization_code=""),
                name="application_one_open_per_organization",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="filed"), name="application_line"),
            models.Index(
                fields=["activate_until"], condition=Q(state="approved"), name="application_activation"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Give the number under which people speak of it."""
        return f"DN{self.pk:06}"

    @property
    def subject(self) -> str:
        """Name this application in the event log."""
        return f"application:{self.pk}"


class Endorsement(models.Model):
    """Endorsement (sự đồng ý của người đại diện): another legal representative agrees to the account."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="endorsements")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="endorsements")
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "account"], name="endorsement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application} ← {self.account_id}"
