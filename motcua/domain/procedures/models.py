"""What is kept of a procedure: its code, and each version that was ever published."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from motcua.domain.procedures.rules.building import built, definition
from motcua.domain.procedures.rules.definition import Definition, Text


class Procedure(models.Model):
    """Procedure (thủ tục hành chính): a procedure by its national code."""

    #: the national code: one digit, a dot, six digits
    code = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        """Name this procedure in the event log."""
        return f"procedure:{self.code}"


class ProcedureVersion(models.Model):
    """ProcedureVersion (phiên bản thủ tục): the frozen text of a procedure that dossiers are born under."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    #: 1, 2, 3 … within the procedure
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500)
    in_force_from = models.DateField()
    #: the last day in force; set once, when a newer version takes over
    in_force_to = models.DateField(null=True)
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    #: title and synonyms as people write them, one a line, in lower case
    spoken = models.TextField()
    #: the same without marks, for searching
    folded = models.TextField()
    sort_key = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="version_numbered_once"),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(in_force_to__isnull=True), name="version_one_open_ended"
            ),
            # A version that is replaced on its first day was in force on no day at all.
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gte=F("in_force_from") - 1),
                name="version_in_force_forwards",
            ),
        ]
        indexes = [
            models.Index(fields=["code", "in_force_from"], name="version_code"),
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="version_folded"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.number}"

    @property
    def spec(self) -> Definition:
        """What this version says, as frozen values; built once per process."""
        return built(self.sha256) or definition(self.definition, sha256=self.sha256)

    @property
    def name(self) -> Text:
        """The title in the language that is being spoken."""
        return Text(self.title, self.title_en)

    def covers(self, day: date) -> bool:
        """Tell whether this version is in force on a day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)
