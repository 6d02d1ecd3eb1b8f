"""What the provider keeps of connected systems, and of what they ask for and get."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from motcua.domain.accounts.models.accounts import Account, Session


class Client(models.Model):
    """Client (ứng dụng kết nối): a system that lets people in by this provider."""

    class Profile(models.TextChoices):
        """The rules that a client is held to."""

        PLAIN = "plain"
        #: FAPI 2.0 Security Profile: pushed requests, signed assertions, proofs of possession
        FAPI = "fapi"

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
    #: where it wants to be told that somebody has logged out; empty: nowhere
    backchannel_uri = models.CharField(max_length=500, blank=True)
    scopes = ArrayField(models.CharField(max_length=30))
    #: what it may ask for itself, for no person
    machine_scopes = ArrayField(models.CharField(max_length=30), default=list)
    #: claim → what it is for, said to whoever is asked for it
    reasons = models.JSONField(default=dict)
    #: claims that it can do without: people tick them or do not
    voluntary = ArrayField(models.CharField(max_length=30), default=list)
    #: codes of the clients that bring their tokens to this one, which may therefore look into them
    serves = ArrayField(models.CharField(max_length=60), default=list)
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
            models.CheckConstraint(
                condition=~models.Q(profile="fapi") | models.Q(method="private_key_jwt"),
                name="client_fapi_has_keys",
            ),
            models.CheckConstraint(
                condition=models.Q(profile="fapi") | models.Q(machine_scopes=[]),
                name="client_asks_for_itself_strictly",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def strict(self) -> bool:
        """Tell whether this client is held to the FAPI 2.0 Security Profile."""
        return self.profile == self.Profile.FAPI

    @property
    def subject(self) -> str:
        """Name this client in the event log."""
        return f"client:{self.pk}"


class Consent(models.Model):
    """Consent (sự đồng ý chia sẻ): which claims a person lets a client have, remembered until withdrawn."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="consents")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    claims = ArrayField(models.CharField(max_length=30))
    #: voluntary ones that were offered and not ticked
    declined = ArrayField(models.CharField(max_length=30), default=list)
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
    #: claims to be told with how they were verified
    verified = ArrayField(models.CharField(max_length=30), default=list)
    #: thumbprint of the key to which the code is bound
    holder = models.CharField(max_length=43, blank=True)
    #: hash of the name under which it was pushed; such a request waits until a browser brings that name
    pushed = models.CharField(max_length=64, null=True, unique=True)
    opened_at = models.DateTimeField(null=True)
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
    """AccessToken (mã truy cập): lets a client read the agreed claims, or about itself, for a few minutes."""

    hash = models.CharField(max_length=64, unique=True)
    #: hash of the code that all tokens of one log-in came of; empty when there was none
    family = models.CharField(max_length=64, db_index=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    #: none: the client asks for itself
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="+")
    scopes = ArrayField(models.CharField(max_length=30))
    verified = ArrayField(models.CharField(max_length=30), default=list)
    #: thumbprint of the key without which the token opens nothing; empty: whoever bears it is believed
    holder = models.CharField(max_length=43, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="access_token_expires_at")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(session__isnull=False) | ~models.Q(holder=""),
                name="access_token_of_nobody_is_bound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hash[:6]}…"


class RefreshToken(models.Model):
    """RefreshToken (mã làm mới): renews an access token, once; from then on its successor does."""

    hash = models.CharField(max_length=64, unique=True)
    family = models.CharField(max_length=64, db_index=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    scopes = ArrayField(models.CharField(max_length=30))
    verified = ArrayField(models.CharField(max_length=30), default=list)
    holder = models.CharField(max_length=43, blank=True)
    #: of this one, and of the whole family
    expires_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["until"], name="refresh_token_until")]

    def __str__(self) -> str:
        return f"{self.hash[:6]}…"


class LogoutNotice(models.Model):
    """LogoutNotice (báo đăng xuất): tells one client that one log-in is over, until it hears it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="logout_notice_made_at")]

    def __str__(self) -> str:
        return f"logout notice #{self.pk}"


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
    """UsedAssertion (chứng thực đã dùng): the `jti` of an assertion or a proof, so that it works once."""

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
