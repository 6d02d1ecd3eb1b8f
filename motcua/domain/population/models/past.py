"""What was so before."""

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.fields.json import KT

from motcua.domain.population.rules.changing import HOME


class PastValue(models.Model):
    """PastValue (giá trị trước đây): what was so until a day; what is so now stands elsewhere."""

    #: whose it was: a person's or a household's
    person = models.ForeignKey("population.Person", on_delete=models.PROTECT, null=True, related_name="past")
    household = models.ForeignKey(
        "population.Household", on_delete=models.PROTECT, null=True, related_name="past"
    )
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
            models.UniqueConstraint(
                fields=["household", "attribute", "valid_to"], name="past_value_of_household_once_a_day"
            ),
            CheckConstraint(
                name="past_value_of_one",
                condition=Q(person=None, household__isnull=False) | Q(person__isnull=False, household=None),
            ),
            CheckConstraint(
                name="past_value_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to__gt=F("valid_from")),
            ),
            CheckConstraint(name="past_value_with_basis", condition=~Q(basis="")),
        ]
        indexes = [
            models.Index(
                KT(f"values__{HOME}"), condition=Q(attribute="household"), name="past_value_lived_there"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attribute} until {self.valid_to}"
