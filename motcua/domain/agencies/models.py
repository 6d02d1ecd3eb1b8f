"""What is kept of agencies: the dated tree, officers, appointments and working time."""

import uuid
from datetime import date, time

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import get_language

from motcua.base.actor import OFFICE_ROLES, ROLE_NAMES
from motcua.base.calendar import DayKind, Spans
from motcua.domain.agencies.rules import BANK_CODE, BANK_NUMBER, KIND_NAMES, Kind

ROLES = [(role.value, ROLE_NAMES[role]) for role in OFFICE_ROLES]


class Agency(models.Model):
    """Agency (cơ quan): one node of the dated tree; what was merged or renamed stays with its dates."""

    code = models.CharField(max_length=20)
    #: code by Decision 20/2020/QĐ-TTg, for example H39.12
    official_code = models.CharField(max_length=35, blank=True)
    #: False: taken over or derived, to be checked before legal use
    official_code_verified = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(kind.value, KIND_NAMES[kind]) for kind in Kind])
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    #: codes from the root down, each closed by a slash; everything below starts with this text
    path = models.CharField(max_length=200)
    #: place served: two digits for a province, five for a commune
    division_code = models.CharField(max_length=5, blank=True)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)
    law = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(path__regex=r"^([A-Za-z0-9-]+/)+$"), name="agency_path_form"),
            models.CheckConstraint(
                condition=Q(parent=None, path=Concat(F("code"), Value("/")))
                | Q(parent__isnull=False, path__endswith=Concat(Value("/"), F("code"), Value("/"))),
                name="agency_path_ends_in_code",
            ),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")), name="agency_dates"
            ),
            models.UniqueConstraint(fields=["path", "in_force_from"], name="agency_once_per_path_and_day"),
            models.UniqueConstraint(
                fields=["path"], condition=Q(in_force_to=None), name="agency_once_per_path_now"
            ),
        ]
        indexes = [
            models.Index(fields=["path"], opclasses=["varchar_pattern_ops"], name="agency_path_prefix"),
            models.Index(fields=["division_code", "kind"], name="agency_division_kind"),
        ]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name

    @property
    def subject(self) -> str:
        """Name this agency in the event log."""
        return f"agency:{self.pk}"

    @property
    def dossier_prefix(self) -> str:
        """Give the code that dossier codes begin with (TT 01/2018/TT-VPCP art. 19)."""
        return self.official_code or self.path.strip("/").replace("/", ".").upper()

    @property
    def depth(self) -> int:
        """Count the steps from the root, which has 0."""
        return self.path.count("/") - 1


class Officer(models.Model):
    """Officer (cán bộ, công chức): a person who may hold roles in agencies."""

    citizen_number = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200)
    #: given name first, as lists of people are sorted
    name_key = models.CharField(max_length=600, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(citizen_number__regex=r"^\d{12}$"), name="officer_number_form")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Name this officer in the event log."""
        return f"officer:{self.pk}"


class Appointment(models.Model):
    """Appointment (phân công vai trò): one role of one officer in one agency, from a day to a day."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="appointments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=ROLES)
    #: post as people say it, for example "Phó Chủ tịch"
    title = models.CharField(max_length=100, blank=True)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)
    law = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in OFFICE_ROLES]), name="appointment_role"
            ),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")),
                name="appointment_dates",
            ),
            models.UniqueConstraint(
                fields=["officer", "agency", "role"],
                condition=Q(in_force_to=None),
                name="appointment_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.role} {self.agency_id}"

    @property
    def role_name(self) -> str:
        """Give the role's name in the reader's language."""
        return str(dict(ROLES)[self.role])


class OfficeSpans(models.Model):
    """OfficeSpans (buổi làm việc): at most a morning and an afternoon of one day."""

    morning_from = models.TimeField(null=True)
    morning_to = models.TimeField(null=True)
    afternoon_from = models.TimeField(null=True)
    afternoon_to = models.TimeField(null=True)

    class Meta:
        abstract = True

    @property
    def spans(self) -> Spans:
        """Give the spans as the calendar counts them."""
        pairs: list[tuple[time | None, time | None]] = [
            (self.morning_from, self.morning_to),
            (self.afternoon_from, self.afternoon_to),
        ]
        return tuple((start, end) for start, end in pairs if start is not None and end is not None)

    @staticmethod
    def columns(spans: Spans) -> dict[str, time | None]:
        """Lay spans out over the four columns; a single afternoon stands in the first two."""
        first, second = (*spans, (None, None), (None, None))[:2]
        return {
            "morning_from": first[0],
            "morning_to": first[1],
            "afternoon_from": second[0],
            "afternoon_to": second[1],
        }


def _ordered(name: str) -> list[models.CheckConstraint]:
    """Hold the four columns to whole spans in order."""
    morning = Q(morning_from=None, morning_to=None) | Q(morning_to__gt=F("morning_from"))
    afternoon = Q(afternoon_from=None, afternoon_to=None) | Q(
        afternoon_from__gte=F("morning_to"), afternoon_to__gt=F("afternoon_from")
    )
    return [models.CheckConstraint(condition=morning & afternoon, name=f"{name}_in_order")]


class OfficeHours(OfficeSpans):
    """OfficeHours (giờ làm việc): the spans of one weekday in one agency, inherited by those below it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="office_hours")
    #: 0 is Monday
    weekday = models.PositiveSmallIntegerField()
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)
    law = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            *_ordered("office_hours"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="office_hours_weekday"),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")),
                name="office_hours_dates",
            ),
            models.UniqueConstraint(
                fields=["agency", "weekday", "in_force_from"], name="office_hours_once_per_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.weekday}"


class CalendarDay(OfficeSpans):
    """CalendarDay (ngày lịch): a closure, make-up day or day with other hours; no agency is all of them."""

    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="calendar_days")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in DayKind])
    reason = models.CharField(max_length=200)
    law = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            *_ordered("calendar_day"),
            models.CheckConstraint(
                condition=~Q(kind=DayKind.SPECIAL) | Q(morning_from__isnull=False),
                name="calendar_day_special_has_hours",
            ),
            models.UniqueConstraint(
                fields=["agency", "day"], nulls_distinct=False, name="calendar_day_once_per_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day} {self.kind}"


class CalendarStamp(models.Model):
    """CalendarStamp (dấu lịch): one row that changes with every change of working time.

    Processes remember calendars under it, so a committed change is seen by the next deadline everywhere.
    """

    one = models.BooleanField(primary_key=True, default=True)
    stamp = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(one=True), name="calendar_stamp_one_row")]

    def __str__(self) -> str:
        return str(self.stamp)

    @classmethod
    def renew(cls) -> None:
        """Mark a change of working time; changes wait for each other here until they are committed."""
        cls.objects.update_or_create(one=True, defaults={"stamp": uuid.uuid4()})


class BankAccount(models.Model):
    """BankAccount (tài khoản thu phí): where transfers to an agency, and to those below it, go."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="bank_accounts")
    #: the bank as people call it, and its six digits by which transfers find it (BIN)
    bank = models.CharField(max_length=100)
    bank_code = models.CharField(max_length=6)
    number = models.CharField(max_length=19)
    holder = models.CharField(max_length=100)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)
    law = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(bank_code__regex=BANK_CODE.pattern), name="bank_account_bank"),
            models.CheckConstraint(
                condition=Q(number__regex=BANK_NUMBER.pattern), name="bank_account_number"
            ),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")),
                name="bank_account_dates",
            ),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(in_force_to=None), name="bank_account_one_now"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank}, {self.number}, {self.holder}"


def in_force(on: date) -> Q:
    """Select what is in force on a day, both ends included."""
    return Q(in_force_from__lte=on) & (Q(in_force_to=None) | Q(in_force_to__gte=on))
