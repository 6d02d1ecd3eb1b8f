"""What is kept of a dossier: itself, its pauses and its supplements."""

import uuid
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.domain.agencies.models import Agency, Officer
from motcua.domain.dossiers.rules import ENDED, OPEN, STATE_NAMES, State
from motcua.domain.people.models import Person
from motcua.domain.procedures.models import ProcedureVersion


class Channel(models.TextChoices):
    """How the dossier came in (KenhThucHien)."""

    DIRECT = "direct", _("Trực tiếp")
    ONLINE = "online", _("Trực tuyến")
    POST = "post", _("Qua bưu chính công ích")


class Handing(models.TextChoices):
    """How the result reaches the citizen."""

    ELECTRONIC = "electronic", _("Bản điện tử trên trang này")
    DESK = "desk", _("Bản giấy tại bộ phận một cửa")
    POST = "post", _("Bản giấy qua bưu chính công ích")


class RegisterCheck(models.TextChoices):
    """What comparing the applicant with the population register gave."""

    PENDING = "pending", _("Đang chờ đối chiếu CSDL dân cư")
    AGREES = "agrees", _("Khớp với CSDL dân cư")
    DIFFERS = "differs", _("Có điểm khác CSDL dân cư")
    UNKNOWN = "unknown", _("Không tìm thấy trong CSDL dân cư")
    NONE = "none", _("Không đối chiếu: hồ sơ của tổ chức")
    #: the wire to the register has no words for the question
    UNASKED = "unasked", _("Không hỏi được CSDL dân cư")


#: why whoever files for somebody else may: by what was brought on paper, or as the identity provider told
FILER_GROUNDS = {
    "": _("theo giấy ủy quyền"),
    "mandate": _("ủy quyền điện tử"),
    "parent": _("cha hoặc mẹ, theo CSDL dân cư"),
    "head": _("người đứng đầu tổ chức"),
    "delegate": _("được tổ chức ủy quyền"),
}


#: a draft that nobody touches is kept so long; no law names a time
DRAFT_LIFE = timedelta(days=30)


class Dossier(models.Model):
    """Dossier (hồ sơ): one request under one procedure, from draft to handed-over result."""

    #: names a draft in addresses and makes creating it idempotent
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    #: given at submission and never changed (ND 45/2020 art. 12)
    code = models.CharField(max_length=50, unique=True, null=True)
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="+")
    #: resolves it
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    #: the one-stop counter where it is received and handed over
    desk = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+")
    #: somebody else who files for the applicant
    filer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    #: a key of FILER_GROUNDS
    filer_tie = models.CharField(max_length=10, blank=True)
    #: as it was when filed; the person may change name later
    applicant_name = models.CharField(max_length=200)
    #: of whoever answers for this dossier; its last four digits open the public look-up
    phone = models.CharField(max_length=10, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    handing = models.CharField(max_length=10, choices=Handing.choices, default=Handing.ELECTRONIC)
    state = models.PositiveSmallIntegerField(
        default=State.DRAFT, choices=[(s.value, STATE_NAMES[s]) for s in State]
    )
    #: states in which it was interrupted, the last one is resumed first
    interrupted = models.JSONField(default=list)
    #: key of the present step in steps.toml while it is processed
    step = models.CharField(max_length=40, blank=True)
    step_role = models.CharField(max_length=20, blank=True)
    step_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    #: field → {value, source, at, register?}
    answers = models.JSONField(default=dict)
    #: keys of papers handed in on paper at the counter
    handed_in = models.JSONField(default=list)
    #: the register's own answer at the time of filing, kept for the officer
    register = models.JSONField(default=dict)
    register_check = models.CharField(
        max_length=8, choices=RegisterCheck.choices, default=RegisterCheck.PENDING
    )
    register_at = models.DateTimeField(null=True)
    postponed = models.BooleanField(default=False)
    created_by = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    #: legal receipt: the clock starts here
    received_at = models.DateTimeField(null=True)
    #: empty while the clock is paused
    due_at = models.DateTimeField(null=True)
    #: what the receipt or the apology letter promises
    promised_at = models.DateTimeField(null=True)
    step_due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | Q(code__isnull=False, submitted_at__isnull=False),
                name="dossier_filed_with_code",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ACCEPTED, State.PROCESSING])
                | Q(received_at__isnull=False, due_at__isnull=False, promised_at__isnull=False),
                name="dossier_received_with_due_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SETTLED, State.RETURNED]) | Q(settled_at__isnull=False),
                name="dossier_settled_with_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(ENDED), ended_at__isnull=False)
                | (~Q(state__in=list(ENDED)) & Q(ended_at__isnull=True)),
                name="dossier_ended_with_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_at", "id"], name="dossier_open_due", condition=Q(state__in=list(OPEN))
            ),
            models.Index(
                fields=["desk", "state", "submitted_at", "id"],
                name="dossier_desk_line",
                condition=Q(state__in=[State.SUBMITTED, State.SETTLED]),
            ),
            models.Index(fields=["applicant", "-id"], name="dossier_applicant"),
            models.Index(
                fields=["register_at", "id"],
                name="dossier_unchecked",
                condition=Q(register_check="pending") & ~Q(state=State.DRAFT),
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(self.key)

    @property
    def subject(self) -> str:
        """Name this dossier in the event log and beside its papers and bills."""
        return f"dossier:{self.pk}"

    @property
    def filer_ground(self) -> str:
        """Why the filer may file for the applicant."""
        return str(FILER_GROUNDS[self.filer_tie])

    @property
    def kept_until(self) -> datetime:
        """When this draft is thrown away unless somebody goes on with it."""
        return self.saved_at + DRAFT_LIFE

    @property
    def status(self) -> State:
        """The state as an enum member."""
        return State(self.state)

    @cached_property
    def values(self) -> dict[str, object]:
        """The bare answers, without where they came from."""
        return {name: answer["value"] for name, answer in self.answers.items()}


class Pause(models.Model):
    """Pause (tạm dừng tính thời hạn): a stretch in which the legal clock of a dossier does not run."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    mode = models.CharField(max_length=8)
    why = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(ended_at__isnull=True), name="pause_one_open_per_dossier"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("began_at")),
                name="pause_ends_after_beginning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.why}"


class Supplement(models.Model):
    """Supplement (yêu cầu bổ sung): everything that is missing, asked at once, and when it came."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    #: [{"kind": "paper" | "field" | "other", "name": …, "title": …, "why": …}]
    items = models.JSONField()
    reason = models.TextField()
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    until = models.DateField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="supplement_numbered_once"),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(answered_at__isnull=True),
                name="supplement_one_open_per_dossier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} #{self.number}"

    def overdue(self, on: date) -> bool:
        """Tell whether the citizen let the day pass."""
        return self.answered_at is None and self.until < on
