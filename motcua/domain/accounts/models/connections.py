"""Systems that ask to be connected, and what they show for it."""

from django.db import models

from motcua.domain.accounts.models.clients import Client
from motcua.domain.accounts.rules.connecting import STATE_NAMES, State


class Connection(models.Model):
    """Connection (đề nghị kết nối): a system asks to be let in, with its security level and an agreement."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="connection")
    state = models.CharField(max_length=10, choices=list(STATE_NAMES.items()), default=State.FILED)
    #: of information security, 1–5, and the decision on it
    level = models.PositiveSmallIntegerField()
    level_reference = models.CharField(max_length=200)
    level_on = models.DateField()
    agreement_reference = models.CharField(max_length=200)
    agreement_on = models.DateField()
    #: it asked the population database already
    known = models.BooleanField()
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=list(State)), name="connection_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=State.APPROVED) | models.Q(level__gte=3),
                name="connection_approved_from_level_3",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.state}"
