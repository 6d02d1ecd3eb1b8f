"""Texts to people's phones, and the codes in them."""

from django.db import models

from motcua.domain.accounts.models.accounts import Account, Session


class TextCode(models.Model):
    """TextCode (mã qua tin nhắn): sent to the holder's phone, opens once, for one log-in, within minutes."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    #: keyed (base/secrets.py)
    hash = models.BinaryField()
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    #: used, guessed at too often, or replaced by a newer one
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(ended_at=None), name="text_code_one_alive"
            ),
        ]

    def __str__(self) -> str:
        return f"text code #{self.pk}"


class Message(models.Model):
    """Message (tin nhắn): a text for somebody's phone, sealed until the gateway has it and empty after."""

    #: the gateway's idempotency key
    key = models.CharField(max_length=43, unique=True)
    #: whose phone it is; of an applicant, nobody's yet
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    #: sealed (base/secrets.py): phone and words
    body = models.BinaryField()
    made_at = models.DateTimeField()
    #: after which it would only confuse
    good_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="message_made_at")]

    def __str__(self) -> str:
        return f"message #{self.pk}"

    @property
    def subject(self) -> str:
        """Name what this text stands under in the event log."""
        return self.account.subject if self.account else f"message:{self.pk}"
