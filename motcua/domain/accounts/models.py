"""What the national identity provider keeps."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from motcua.domain.accounts.rules.accounts import GROUND_NAMES, STATE_NAMES, Ground, State, assurance
from motcua.domain.population.models import Person


class Account(models.Model):
    """Account (tài khoản định danh): the electronic identity of one person of the population register."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    #: level 1 or 2 of Decree 69/2024
    level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=list(STATE_NAMES.items()), default=State.ACTIVE)
    locked_for = models.CharField(max_length=10, choices=list(GROUND_NAMES.items()), blank=True)
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
                condition=models.Q(state=State.LOCKED, locked_for__in=list(Ground))
                | ~models.Q(state=State.LOCKED) & models.Q(locked_for=""),
                name="account_locked_for_a_ground",
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
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Session(models.Model):
    """Session (phiên đăng nhập): one log-in at the provider, shared by all systems entered from it."""

    #: `sid` of the ID tokens
    key = models.CharField(max_length=43, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    methods = ArrayField(models.CharField(max_length=10))
    opened_at = models.DateTimeField()
    authenticated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
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


class Client(models.Model):
    """Client (ứng dụng kết nối): a system that lets people in by this provider."""

    class Profile(models.TextChoices):
        """The rules that a client is held to."""

        PLAIN = "plain"

    class Method(models.TextChoices):
        """How a client proves itself at the token endpoint."""

        KEY = "private_key_jwt"
        SECRET = "client_secret_basic"  # noqa: S105

    #: client_id
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    #: shown on the consent page: what the client needs the data for
    purpose = models.CharField(max_length=500)
    profile = models.CharField(max_length=10, choices=Profile.choices, default=Profile.PLAIN)
    method = models.CharField(max_length=30, choices=Method.choices)
    #: public keys (JWK set), for private_key_jwt
    keys = models.JSONField(default=list)
    #: SHA-256 of a long random secret, for client_secret_basic
    secret = models.CharField(max_length=64, blank=True)
    redirect_uris = ArrayField(models.CharField(max_length=500))
    logout_uris = ArrayField(models.CharField(max_length=500), default=list)
    scopes = ArrayField(models.CharField(max_length=30))
    #: clients of one sector know a person by the same `sub`
    sector = models.CharField(max_length=200)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(method="private_key_jwt", secret="") & ~models.Q(keys=[])
                | models.Q(method="client_secret_basic", keys=[]) & ~models.Q(secret=""),
                name="client_one_way_to_prove_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Name this client in the event log."""
        return f"client:{self.pk}"


class Consent(models.Model):
    """Consent (sự đồng ý chia sẻ): which claims a person lets a client have, remembered until withdrawn."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="consents")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    claims = ArrayField(models.CharField(max_length=30))
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "client"],
                condition=models.Q(withdrawn_at=None),
                name="consent_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.client_id}"


class AuthorizationRequest(models.Model):
    """AuthorizationRequest (yêu cầu đăng nhập): what a client asked for, until the person has agreed."""

    key = models.CharField(max_length=43, unique=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    redirect_uri = models.CharField(max_length=500)
    scopes = ArrayField(models.CharField(max_length=30))
    state = models.CharField(max_length=512)
    nonce = models.CharField(max_length=512)
    challenge = models.CharField(max_length=43)
    prompts = ArrayField(models.CharField(max_length=20))
    max_age = models.PositiveIntegerField(null=True)
    levels = ArrayField(models.PositiveSmallIntegerField())
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="authorization_request_made_at")]

    def __str__(self) -> str:
        return f"{self.key[:6]}…"


class AuthorizationCode(models.Model):
    """AuthorizationCode (mã ủy quyền): what a client exchanges for tokens, once, within a minute."""

    hash = models.CharField(max_length=64, unique=True)
    request = models.OneToOneField(AuthorizationRequest, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    #: as they were when the person agreed
    methods = ArrayField(models.CharField(max_length=10))
    authenticated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.hash[:6]}…"


class AccessToken(models.Model):
    """AccessToken (mã truy cập): lets a client read the agreed claims for a few minutes."""

    hash = models.CharField(max_length=64, unique=True)
    code = models.ForeignKey(AuthorizationCode, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    scopes = ArrayField(models.CharField(max_length=30))
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="access_token_expires_at")]

    def __str__(self) -> str:
        return f"{self.hash[:6]}…"


class SigningKey(models.Model):
    """SigningKey (khóa ký): signs ID tokens; known to clients before its turn and for a while after."""

    class Turn(models.TextChoices):
        """Whether the key's turn is to come, is now, or is over."""

        NEXT = "next"
        CURRENT = "current"
        OLD = "old"

    kid = models.CharField(max_length=43, unique=True)
    turn = models.CharField(max_length=10, choices=Turn.choices)
    public = models.JSONField()
    #: sealed (base/secrets.py)
    private = models.BinaryField()
    made_at = models.DateTimeField()
    #: when it became current, or stopped being so
    turned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["turn"], condition=~models.Q(turn="old"), name="signing_key_one_per_turn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn} {self.kid[:6]}…"


class UsedAssertion(models.Model):
    """UsedAssertion (chứng thực đã dùng): the `jti` of a client's assertion, so that it works only once."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "hash"], name="used_assertion_once"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="used_assertion_expires_at")]

    def __str__(self) -> str:
        return f"{self.hash[:6]}…"


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
