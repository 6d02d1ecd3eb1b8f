"""Acting for others."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from motcua.domain.accounts.models.applications import Organization
from motcua.domain.accounts.rules.mandates import STATE_NAMES, MandateState
from motcua.domain.population.models import Person


class Mandate(models.Model):
    """Mandate (ủy quyền): one person lets another act for them, within bounds, until a day."""

    #: who gives it
    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    #: for which the other may act; empty: for the principal; it lasts only while the principal heads it
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    #: codes of procedures; none named: all of them
    procedures = ArrayField(models.CharField(max_length=80), default=list)
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=10, choices=list(STATE_NAMES.items()), default=MandateState.OFFERED)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(principal=F("agent")), name="mandate_between_two"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="mandate_days_in_order"),
            models.CheckConstraint(condition=Q(state__in=list(MandateState)), name="mandate_state_known"),
            models.UniqueConstraint(
                fields=["principal", "agent", "organization"],
                nulls_distinct=False,
                condition=Q(state__in=[MandateState.OFFERED, MandateState.ACCEPTED]),
                name="mandate_one_alive",
            ),
        ]
        indexes = [models.Index(fields=["agent"], name="mandate_agent")]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """Name this mandate in the event log."""
        return f"mandate:{self.pk}"
