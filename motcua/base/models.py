"""What the ground floor keeps: the event log, running numbers and stored files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """Event (sự kiện): one fact on the log; a database trigger refuses to change or delete it."""

    #: what it is about, for example "dossier:1234"
    subject = models.CharField(max_length=60)
    #: 1, 2, 3 … within the subject
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=200)
    by_agency = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="event_once_per_number")]
        indexes = [
            models.Index(fields=["name", "at"], name="event_name_at"),
            models.Index(fields=["at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.number} {self.subject}"


class Serial(models.Model):
    """Serial (số chạy): the last number given out under a name."""

    name = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class FileState(models.TextChoices):
    """What is known about the safety of a stored file."""

    PENDING = "pending", _("Đang kiểm tra an toàn")
    CLEAN = "clean", _("An toàn")
    INFECTED = "infected", _("Không an toàn")
    #: the scanner could not be asked; it will be asked again
    UNSCANNED = "unscanned", _("Chưa kiểm tra được")


class StoredFile(models.Model):
    """StoredFile (tệp lưu): one upload, or one copy derived from it; the bytes lie under their SHA-256."""

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    #: media type found in the content, never the one that was sent along
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.PENDING)
    #: what the scanner found, in its own words; empty when nothing
    found = models.CharField(max_length=200, blank=True)
    scanned_at = models.DateTimeField(null=True)
    #: the cleaned name that people see
    original_name = models.CharField(max_length=150)
    stored_at = models.DateTimeField()
    derived_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="derived")
    #: how a derived copy was made, for example "JPEG, 1600 px, Pillow 13.0"
    how = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="stored_file_named_by_sha256"
            ),
            models.CheckConstraint(
                condition=models.Q(derived_from__isnull=True, how="")
                | (models.Q(derived_from__isnull=False) & ~models.Q(how="")),
                name="stored_file_derived_says_how",
            ),
            models.UniqueConstraint(fields=["derived_from", "how"], name="stored_file_derived_once"),
        ]
        indexes = [
            models.Index(
                fields=["stored_at"],
                condition=models.Q(state__in=["pending", "unscanned"]),
                name="stored_file_to_scan",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name


class Budget(models.Model):
    """Budget (hạn mức): what one visitor used up of something in this window and the one before."""

    #: keyed hash of what and who
    key = models.CharField(max_length=32, primary_key=True)
    #: number of the window since 1970
    part = models.BigIntegerField()
    used = models.PositiveIntegerField()
    used_before = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="budget_until")]

    def __str__(self) -> str:
        return self.key


class Visit(models.Model):
    """Visit (lượt vào): which browser's session here belongs to which log-in at the identity provider."""

    #: hash of the provider's name of the log-in
    sid = models.CharField(max_length=64, db_index=True)
    session_key = models.CharField(max_length=40, primary_key=True)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="visit_until")]

    def __str__(self) -> str:
        return f"{self.sid[:6]}…"


class Turn(models.Model):
    """Turn (lượt chạy): the hour for which a scheduled job was last sent to the workers."""

    job = models.CharField(max_length=120, primary_key=True)
    last_for = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.job} {self.last_for:%Y-%m-%d %H:%M}"
