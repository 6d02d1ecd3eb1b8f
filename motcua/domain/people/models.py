"""What a province keeps of a person: a copy with its source and time."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where a copy or an answer came from."""

    TYPED = "typed", _("Bạn khai")
    REGISTER = "register", _("CSDL dân cư")
    IDENTITY = "identity", _("Tài khoản định danh")
    CARD = "card", _("Thẻ căn cước")
    OCR = "ocr", _("Bóc tách từ giấy tờ")
    DOSSIER = "dossier", _("Hồ sơ trước")


class Kind(models.TextChoices):
    """Who can be an applicant."""

    CITIZEN = "citizen", _("Công dân")
    ORGANIZATION = "organization", _("Tổ chức")


class Person(models.Model):
    """Person (công dân): somebody, or a legal person, as last seen by the province, with source and time."""

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CITIZEN)
    #: 12 digits, Law on Identification 2023 art. 12; of an organization its enterprise or tax number
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    #: without marks, for searching
    name_folded = models.CharField(max_length=200)
    #: for lists of people: given name, surname, middle names
    name_key = models.CharField(max_length=800)
    #: ISO date, or only the year, or year and month, when no more is known; organizations have none
    born_on = models.CharField(max_length=10)
    gender = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=10, blank=True)
    residence = models.CharField(max_length=500, blank=True)
    #: commune code of the residence, where a dossier is filed unless the person says otherwise
    commune = models.CharField(max_length=10, blank=True)
    details = models.JSONField(default=dict)
    source = models.CharField(max_length=10, choices=Source.choices)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "kind"], name="person_number_once"),
            models.CheckConstraint(
                condition=models.Q(kind="citizen", number__regex=r"^\d{12}$")
                | models.Q(kind="organization", number__regex=r"^[0-9A-Z-]{5,20}$"),
                name="person_number_of_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["name_key"], name="person_name_key"),
            GinIndex(fields=["name_folded"], opclasses=["gin_trgm_ops"], name="person_name_folded"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_organization(self) -> bool:
        """Tell a legal person from a citizen."""
        return self.kind == Kind.ORGANIZATION

    @property
    def subject(self) -> str:
        """Name this person in the event log."""
        return f"person:{self.pk}"
