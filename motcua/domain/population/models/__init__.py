"""What the register keeps: people, households, who may ask, and who asked."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Func, Q, Value

from motcua.base import secrets
from motcua.domain.population.models.ledger import LedgerKey, Tile, TreeHead
from motcua.domain.population.models.past import PastValue
from motcua.domain.population.models.sweeps import Alert
from motcua.domain.population.rules import (
    COMPLAINT_NAMES,
    PARTIAL_DATE,
    ComplaintState,
    Gender,
    Marital,
    Relation,
    Result,
    Verb,
)

__all__ = [
    "NUMBER",
    "OLD_NUMBER",
    "OPEN_COMPLAINT",
    "REQUEST_ONCE",
    "Alert",
    "Candidate",
    "Complaint",
    "Household",
    "Inquiry",
    "LedgerKey",
    "PastValue",
    "Person",
    "Right",
    "Subscriber",
    "Tile",
    "TreeHead",
    "Usage",
]

#: names under which numbers are sealed and hashed; Usage hashes under the same name as Person
NUMBER = "population_person.number"
OLD_NUMBER = "population_person.old_number"
#: states in which a complaint waits for its answer
OPEN_COMPLAINT = [ComplaintState.RECEIVED.value, ComplaintState.ASKED.value]
#: the constraint that lets a message be answered once
REQUEST_ONCE = "usage_request_used_once"


def _one_of(field: str, words: Any) -> Q:
    return Q(**{f"{field}__in": [str(word) for word in words]})


def _word(place: int) -> Any:
    """Keep one word of the folded name in a column of its own, as the database cuts it out."""
    cut = Func(F("name_folded"), Value(" "), Value(place), function="split_part")
    return models.GeneratedField(
        expression=cut, output_field=models.CharField(max_length=200), db_persist=True
    )


class Household(models.Model):
    """Household (hộ gia đình): people who registered residence together, with one head."""

    #: số hồ sơ cư trú
    code = models.CharField(max_length=20, unique=True)
    head = models.ForeignKey("Person", on_delete=models.PROTECT, null=True, related_name="+")
    province = models.CharField(max_length=2)
    commune = models.CharField(max_length=5)
    detail = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["commune"], name="household_commune")]

    def __str__(self) -> str:
        return self.code


class Person(models.Model):
    """Person (công dân): the facts of the Law on Identification 2023 art. 9.

    Numbers are sealed, and found again by their blind index; dates may be a year or a month only.
    """

    number_sealed = models.BinaryField()
    number_index = models.BinaryField(max_length=secrets.INDEX_BYTES, unique=True)
    old_number_sealed = models.BinaryField(null=True)
    old_number_index = models.BinaryField(max_length=secrets.INDEX_BYTES, null=True, unique=True)

    surname = models.CharField(max_length=60, blank=True)
    middle_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=60)
    #: as the birth certificate writes it: not always the three parts in this order
    name = models.CharField(max_length=200)
    other_name = models.CharField(max_length=200, blank=True)
    name_folded = models.CharField(max_length=200)
    name_key = models.CharField(max_length=500)
    #: the first and the last word of the folded name, by which people are found without a number
    name_first = _word(1)
    name_last = _word(-1)

    #: ISO 8601, as exact as it is known: 1950, 1950-03 or 1950-03-12
    born_on = models.CharField(max_length=10)
    gender = models.CharField(max_length=6, choices=[(g.value, g.value) for g in Gender])
    birth_place = models.CharField(max_length=200, blank=True)
    birth_registration_place = models.CharField(max_length=200, blank=True)
    home_town = models.CharField(max_length=200, blank=True)
    ethnicity = models.CharField(max_length=40)
    religion = models.CharField(max_length=60, blank=True)
    nationality = models.CharField(max_length=60)
    blood_group = models.CharField(max_length=2, blank=True)

    card_issued_on = models.DateField(null=True)
    card_expires_on = models.DateField(null=True)
    card_issued_by = models.CharField(max_length=100, blank=True)

    father = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    father_name = models.CharField(max_length=200, blank=True)
    mother = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    mother_name = models.CharField(max_length=200, blank=True)
    spouse = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    spouse_name = models.CharField(max_length=200, blank=True)
    representative = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    representative_name = models.CharField(max_length=200, blank=True, db_default="")

    permanent_province = models.CharField(max_length=2, blank=True)
    permanent_commune = models.CharField(max_length=5, blank=True)
    permanent_detail = models.CharField(max_length=200, blank=True)
    temporary_province = models.CharField(max_length=2, blank=True)
    temporary_commune = models.CharField(max_length=5, blank=True)
    temporary_detail = models.CharField(max_length=200, blank=True)
    current_province = models.CharField(max_length=2, blank=True)
    current_commune = models.CharField(max_length=5, blank=True)
    current_detail = models.CharField(max_length=200, blank=True)

    #: tạm vắng: from a day to a day, and where
    absent_from = models.DateField(null=True)
    absent_to = models.DateField(null=True)
    absent_at = models.CharField(max_length=200, blank=True, db_default="")

    marital_status = models.CharField(max_length=8, choices=[(m.value, m.value) for m in Marital])
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="members")
    household_relation = models.CharField(
        max_length=13, blank=True, choices=[(r.value, r.value) for r in Relation]
    )
    phone = models.CharField(max_length=15, blank=True)
    email = models.CharField(max_length=200, blank=True)
    deceased_on = models.DateField(null=True)
    #: a court has declared the person missing
    missing_on = models.DateField(null=True)
    #: the number was given up for another one
    cancelled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(name="person_born_on_partial_date", condition=Q(born_on__regex=PARTIAL_DATE)),
            CheckConstraint(name="person_gender", condition=_one_of("gender", Gender)),
            CheckConstraint(name="person_marital_status", condition=_one_of("marital_status", Marital)),
            CheckConstraint(
                name="person_household_with_relation",
                condition=Q(household=None, household_relation="")
                | (Q(household__isnull=False) & _one_of("household_relation", Relation)),
            ),
            CheckConstraint(
                name="person_not_own_relative",
                condition=~Q(father=F("pk")) & ~Q(mother=F("pk")) & ~Q(spouse=F("pk")),
            ),
            CheckConstraint(
                name="person_old_number_whole",
                condition=Q(old_number_sealed=None, old_number_index=None)
                | Q(old_number_sealed__isnull=False, old_number_index__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["name_folded", "born_on"], name="person_name_born"),
            models.Index(fields=["permanent_commune", "name_key"], name="person_commune_name"),
            models.Index(fields=["name_last", "born_on"], name="person_last_born"),
            models.Index(fields=["name_first", "born_on"], name="person_first_born"),
        ]

    def __str__(self) -> str:
        return f"person:{self.pk}"

    @property
    def number(self) -> str:
        """The twelve-digit number, opened."""
        return secrets.unseal(bytes(self.number_sealed), place=f"{NUMBER}:{self.pk}")

    @property
    def old_number(self) -> str:
        """The nine-digit number of the old identity card, opened; empty when there was none."""
        if self.old_number_sealed is None:
            return ""
        return secrets.unseal(bytes(self.old_number_sealed), place=f"{OLD_NUMBER}:{self.pk}")


class Subscriber(models.Model):
    """Subscriber (cơ quan khai thác): a system that may ask, known by its public keys."""

    #: instance/class/member/subsystem, as X-Road-Client spells it
    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    #: public keys (JWK), more than one while a key is being replaced
    keys = models.JSONField()
    #: calls one officer may make in a day
    officer_budget = models.PositiveIntegerField(default=300)
    #: calls its programs may make in a day without an officer
    system_budget = models.PositiveIntegerField(default=20_000)
    active = models.BooleanField(default=True)
    #: where a person reads of her own dossier there: an address with {code} in it; empty: nowhere
    dossier_page = models.CharField(max_length=300, blank=True, db_default="")

    def __str__(self) -> str:
        return self.code


class Right(models.Model):
    """Right (quyền khai thác): what an agency may ask under one procedure, and by which law."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="rights")
    #: empty: every agency behind the subscriber
    agency = models.CharField(max_length=80, blank=True)
    procedure = models.CharField(max_length=80)
    #: what people call the procedure
    title = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Verb])
    fields = ArrayField(models.CharField(max_length=40))
    law = models.CharField(max_length=300)
    #: where a law says that the person is told later: after how many days, and which law
    hidden_days = models.PositiveIntegerField(default=0)
    hidden_by = models.CharField(max_length=300, blank=True)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="right_dates_in_order",
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")),
            ),
            CheckConstraint(name="right_with_law", condition=~Q(law="")),
            CheckConstraint(name="right_verb", condition=_one_of("verb", Verb)),
            CheckConstraint(
                name="right_hidden_with_law",
                condition=Q(hidden_days=0, hidden_by="") | (Q(hidden_days__gt=0) & ~Q(hidden_by="")),
            ),
        ]
        indexes = [models.Index(fields=["subscriber", "procedure", "verb"], name="right_procedure_verb")]

    def __str__(self) -> str:
        return f"{self.verb} {self.procedure}"


class Usage(models.Model):
    """Usage (lượt khai thác): one call about one person; a database trigger refuses to change or delete it.

    The person is named by the blind index of the number asked for, whether or not anybody has it, and each
    row carries the hash of the row before it about the same number.
    """

    at = models.DateTimeField()
    #: no index of its own: it would tempt the planner to read everything one system ever asked
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: the caller's own code of the message (X-Road-Id), used once
    request = models.CharField(max_length=80)
    agency = models.CharField(max_length=80, blank=True)
    officer = models.CharField(max_length=80, blank=True)
    #: what the caller says people call them; codes are what counts
    agency_name = models.CharField(max_length=200, blank=True)
    officer_name = models.CharField(max_length=200, blank=True)
    officer_role = models.CharField(max_length=100, blank=True)
    procedure = models.CharField(max_length=80, blank=True)
    dossier = models.CharField(max_length=80, blank=True)
    #: the legal ground the caller gave
    basis = models.CharField(max_length=300, blank=True)
    verb = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Verb])
    fields = ArrayField(models.CharField(max_length=40))
    result = models.CharField(max_length=8, choices=[(r.value, r.value) for r in Result])
    #: code of the denial
    why = models.CharField(max_length=20, blank=True)
    person_index = models.BinaryField(max_length=secrets.INDEX_BYTES)
    #: the person is not shown the row before, by the law of the right; empty: at once
    visible_from = models.DateTimeField(null=True)
    #: 1, 2, 3 … about the same number
    number = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_index", "number"], name="usage_once_per_number"),
            models.UniqueConstraint(fields=["subscriber", "request"], name=REQUEST_ONCE),
        ]
        indexes = [
            models.Index(fields=["subscriber", "officer", "at"], name="usage_officer_at"),
            models.Index(fields=["at"], name="usage_at"),
        ]

    def __str__(self) -> str:
        return f"usage:{self.pk}"


class Candidate(models.Model):
    """Candidate (người có thể đúng): somebody shown for one dossier, to be chosen once, within minutes.

    Until then the officer holds a random handle in place of the number; it is kept here as a hash.
    """

    handle = models.BinaryField(max_length=32, unique=True)
    #: the look-up by which the person was shown: who asked, when, for which dossier
    usage = models.OneToOneField(Usage, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    chosen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"candidate:{self.pk}"


class Complaint(models.Model):
    """Complaint (phản ánh): a person finds a look-up strange and asks for an explanation."""

    usage = models.OneToOneField(Usage, on_delete=models.PROTECT, related_name="complaint")
    text = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    #: when the answer is due, by privacy.rules.due
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=list(COMPLAINT_NAMES.items()), default=ComplaintState.RECEIVED
    )
    answer = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="complaint_answered_with_answer",
                condition=Q(state__in=OPEN_COMPLAINT, answer="", answered_at=None)
                | (Q(state=ComplaintState.ANSWERED, answered_at__isnull=False) & ~Q(answer="")),
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(state__in=OPEN_COMPLAINT), name="complaint_open")
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """Name this complaint in the event log."""
        return f"complaint:{self.pk}"


class Inquiry(models.Model):
    """Inquiry (câu hỏi gửi cơ quan): what the agency that looked was asked, and its reply."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="inquiries")
    text = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()
    reply = models.CharField(max_length=2000, blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="inquiry_replied_with_reply",
                condition=Q(reply="", replied_at=None) | (Q(replied_at__isnull=False) & ~Q(reply="")),
            ),
        ]

    def __str__(self) -> str:
        return f"inquiry:{self.pk}"
