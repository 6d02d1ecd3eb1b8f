"""What proves the usage log: signing keys, signed heads, the stored hashes of the tree."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q


class LedgerKey(models.Model):
    """LedgerKey (khóa ký sổ): signs tree heads; kept for ever, the newest one signs."""

    #: thumbprint of the public key
    kid = models.CharField(max_length=43, unique=True)
    public = models.JSONField()
    #: the private key, sealed (base/secrets.py)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kid


class TreeHead(models.Model):
    """TreeHead (đỉnh cây nhật ký): a signed promise that the usage log was this; never changed or deleted."""

    #: how many rows, in the order of their keys, the tree holds
    size = models.PositiveBigIntegerField(unique=True)
    #: key of the last of them
    last = models.PositiveBigIntegerField()
    #: hashes of the full subtrees, largest first: enough to go on from here
    peaks = ArrayField(models.CharField(max_length=64))
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.ForeignKey(LedgerKey, on_delete=models.PROTECT, related_name="+")
    #: size, root and time, signed (JWS)
    token = models.CharField(max_length=1000)

    def __str__(self) -> str:
        return f"tree head {self.size}"


class Tile(models.Model):
    """Tile (mảnh cây nhật ký): up to 256 neighbouring hashes on one level of the tree; it only grows.

    Level 0 holds the hashes of rows; each hash on the level above stands for one full tile below it, so that
    a proof reads a few tiles however long the log is.
    """

    level = models.PositiveSmallIntegerField()
    #: 0, 1, 2 … within the level
    place = models.PositiveBigIntegerField()
    hashes = models.BinaryField()
    #: key of the first row, on level 0
    first = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "place"], name="tile_once"),
            CheckConstraint(
                name="tile_rows_on_level_0",
                condition=Q(level=0, first__isnull=False) | (Q(level__gt=0) & Q(first=None)),
            ),
        ]
        indexes = [models.Index(fields=["first"], condition=Q(level=0), name="tile_first")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.place}"
