"""What was so before."""

from django.db import models
from django.db.models import CheckConstraint, F, Q


class PastValue(models.Model):
    """PastValue (giá trị trước đây): what an attribute was until a day; what it is now stands in Person."""

    person = models.ForeignKey("population.Person", on_delete=models.PROTECT, related_name="past")
    attribute = models.CharField(max_length=40)
    #: the columns of that attribute as they were
    values = models.JSONField()
    #: empty: since nobody knows when
    valid_from = models.DateField(null=True)
    #: the day from which it was something else
    valid_to = models.DateField()
    recorded_at = models.DateTimeField()
    #: by which paper or decision it changed
    basis = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "attribute", "valid_to"], name="past_value_once_a_day"),
            CheckConstraint(
                name="past_value_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to__gt=F("valid_from")),
            ),
            CheckConstraint(name="past_value_with_basis", condition=~Q(basis="")),
        ]

    def __str__(self) -> str:
        return f"{self.attribute} until {self.valid_to}"
