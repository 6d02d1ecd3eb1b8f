"""What the national identity provider keeps of people and how they prove who they are."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from motcua.domain.accounts.rules.accounts import (
    CROSSED,
    GROUND_NAMES,
    STATE_NAMES,
    Ground,
    State,
    assurance,
)
from motcua.domain.population.models import Person


class Account(models.Model):
    """Account (tài khoản định danh): the electronic identity of one person of the population register."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    #: level 1 or 2 of Decree 69/2024
    level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=list(STATE_NAMES.items()), default=State.ACTIVE)
    #: the grounds on which it is locked (art. 34.1); none left: active again
    locks = ArrayField(models.CharField(max_length=10, choices=list(GROUND_NAMES.items())), default=list)
    phone = models.CharField(max_length=15, blank=True)
    #: argon2id; empty means that nobody can log in with a password
    password = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    #: role under which the demo's log-in page offers this account; such an account is dead outside a demo
    demo_role = models.CharField(max_length=20, blank=True)
    demo_note = models.CharField(max_length=200, blank=True)
    #: when the person was offered a passkey and said later; nobody is asked twice
    passkey_declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=[1, 2]), name="account_level_1_or_2"),
            models.CheckConstraint(condition=models.Q(state__in=list(State)), name="account_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=State.LOCKED, locks__contained_by=list(Ground)) & ~models.Q(locks=[])
                | ~models.Q(state=State.LOCKED) & models.Q(locks=[]),
                name="account_locked_on_grounds",
            ),
        ]
        indexes = [
            models.Index(fields=["demo_role"], condition=~models.Q(demo_role=""), name="account_demo_role"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """Name this account in the event log."""
        return f"account:{self.pk}"


class Factor(models.Model):
    """Factor (yếu tố xác thực): something besides the password that its holder proves to have."""

    class Kind(models.TextChoices):
        """What the factor is; the value is the method it proves (RFC 8176)."""

        CODE = "otp"
        #: the holder wants codes by text beside something better; it has no secret
        TEXT = "sms"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: sealed (base/secrets.py)
    secret = models.BinaryField()
    #: the last 30-second step whose code was used, so that no code works twice
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(kind="otp", ended_at=None),
                name="factor_one_code_per_account",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(kind="sms", ended_at=None),
                name="factor_one_text_per_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Session(models.Model):
    """Session (phiên đăng nhập): one log-in at the provider, shared by all systems entered from it."""

    #: what the browser's session names it by; `sid` is made of it for each client
    key = models.CharField(max_length=43, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    methods = ArrayField(models.CharField(max_length=10))
    opened_at = models.DateTimeField()
    authenticated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: in which duty its holder acts just now; nobody acts in one without having chosen to
    duty = models.ForeignKey("Duty", on_delete=models.SET_NULL, null=True, related_name="+")
    #: what the browser calls itself, for the list of devices
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=models.Q(ended_at=None), name="session_open"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:6]}…"

    @property
    def assurance(self) -> int:
        """Give the authentication level 1–4 that this log-in reached."""
        return assurance(self.methods)

    @property
    def assurance_here(self) -> int:
        """Give the level of what was proved on this device itself, another device's word left out."""
        return assurance(set(self.methods) - {CROSSED})


class Passkey(models.Model):
    """Passkey (khóa truy cập): a key pair on the holder's device, opened by PIN, face or finger."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(unique=True, max_length=1023)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    #: how browsers may reach the device
    transports = ArrayField(models.CharField(max_length=20), default=list)
    #: may be copied to the holder's other devices by their maker, and has been
    synced = models.BooleanField()
    backed_up = models.BooleanField()
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    #: when its counter ran backwards, as that of a copy does
    locked_at = models.DateTimeField(null=True)
    #: kept after removal, so that the device's key can never be taken for a new one
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(sign_count__gte=0), name="passkey_count_not_negative"),
        ]

    def __str__(self) -> str:
        return f"passkey #{self.pk}"


class BackupCode(models.Model):
    """BackupCode (mã dự phòng): printed or written down, opens once in place of the app's code."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="backup_codes")
    #: keyed (base/secrets.py)
    hash = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    #: used, or replaced by newer ones
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"backup code #{self.pk}"


class Challenge(models.Model):
    """Challenge (phép thử): what a device or an app must answer, once, within minutes."""

    key = models.CharField(max_length=43, unique=True)
    purpose = models.CharField(max_length=20)
    #: whose factor is to be added; nobody's while somebody is logging in
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="+")
    #: sealed (base/secrets.py): random bytes to be signed, or the secret of codes
    value = models.BinaryField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="challenge_made_at")]

    def __str__(self) -> str:
        return f"{self.key[:6]}…"


class Tries(models.Model):
    """Tries (lượt thử): when somebody tried lately under one keyed hash, and until when to wait."""

    key = models.CharField(max_length=40, primary_key=True)
    spent = ArrayField(models.DateTimeField())
    closed_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tried_at"], name="tries_tried_at")]

    def __str__(self) -> str:
        return f"{self.key[:6]}…"
