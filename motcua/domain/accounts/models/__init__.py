"""Everything that the national identity provider keeps."""

from motcua.domain.accounts.models.accounts import (
    Account,
    BackupCode,
    Challenge,
    Factor,
    Passkey,
    Session,
    Tries,
)
from motcua.domain.accounts.models.applications import Application, Endorsement, Organization
from motcua.domain.accounts.models.clients import (
    AccessToken,
    AuthorizationCode,
    AuthorizationRequest,
    Client,
    Consent,
    LogoutNotice,
    RefreshToken,
    SigningKey,
    UsedAssertion,
)
from motcua.domain.accounts.models.connections import Connection
from motcua.domain.accounts.models.duties import Duty
from motcua.domain.accounts.models.mandates import (
    Mandate,
)
from motcua.domain.accounts.models.pairing import Pairing
from motcua.domain.accounts.models.recovery import Recovery
from motcua.domain.accounts.models.texts import (
    Message,
    TextCode,
)

__all__ = [
    "AccessToken",
    "Account",
    "Application",
    "AuthorizationCode",
    "AuthorizationRequest",
    "BackupCode",
    "Challenge",
    "Client",
    "Connection",
    "Consent",
    "Duty",
    "Endorsement",
    "Factor",
    "LogoutNotice",
    "Mandate",
    "Message",
    "Organization",
    "Pairing",
    "Passkey",
    "Recovery",
    "RefreshToken",
    "Session",
    "SigningKey",
    "TextCode",
    "Tries",
    "UsedAssertion",
]
