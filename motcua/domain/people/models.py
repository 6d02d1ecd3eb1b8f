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


class Person(models.Model):
    """Person (công dân): somebody as last seen by the province, with the source and time of the copy."""

    #: 12 digits, Law on Identification 2023 art. 12
    number = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200)
    #: without marks, for searching
    name_folded = models.CharField(max_length=200)
    #: for lists of people: given name, surname, middle names
    name_key = models.CharField(max_length=800)
    #: ISO date, or only the year, or year and month, when no more is known
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
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^\d{12}$"), name="person_number_12_digits"
            ),
        ]
        indexes = [
            models.Index(fields=["name_key"], name="person_name_key"),
            GinIndex(fields=["name_folded"], opclasses=["gin_trgm_ops"], name="person_name_folded"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Name this person in the event log."""
        return f"person:{self.pk}"
