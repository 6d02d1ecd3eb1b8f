"""What officials of the national site are there for."""

from django.db import models
from django.db.models import CheckConstraint, F, Q

from motcua.base.actor import ROLE_NAMES, Role
from motcua.domain.accounts.models.accounts import Account
from motcua.domain.accounts.rules.duties import NEEDS_PLACE, ROLES


class Duty(models.Model):
    """Duty (nhiệm vụ): one role of an account's holder at the national site, from a day to a day."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="duties")
    role = models.CharField(max_length=20, choices=[(role.value, ROLE_NAMES[role]) for role in ROLES])
    #: the commune whose desk it is; empty for the whole country
    place_code = models.CharField(max_length=5, blank=True)
    place_name = models.CharField(max_length=200)
    in_force_from = models.DateField()
    #: the first day without it
    in_force_to = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            CheckConstraint(condition=Q(role__in=[role.value for role in ROLES]), name="duty_role"),
            CheckConstraint(
                condition=~Q(role__in=[role.value for role in NEEDS_PLACE]) | ~Q(place_code=""),
                name="duty_of_a_place",
            ),
            CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")),
                name="duty_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["account", "in_force_from"], name="duty_account")]

    def __str__(self) -> str:
        return f"{ROLE_NAMES[Role(self.role)]}, {self.place_name}"
