"""Passkeys: what a device must prove, what it is asked, and when a passkey is no longer trusted.

How they count (Decree 69/2024 art. 20, by the kinds of factors of `rules.accounts`): a passkey is two
different factors at once, the device that holds the private key (`pop`) and the PIN, face or finger that
opened the device (`uv`). The provider is told that the device verified its holder, never how; so `uv` counts
as the weaker of the two, something known, and a passkey reaches level 2, not level 3.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_authenticator_data,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

#: methods of a log-in by passkey
PROVES = ("pop", "uv")


class Purpose(StrEnum):
    """What a challenge was made for."""

    LOG_IN = "log_in"
    ADD_PASSKEY = "add_passkey"
    ADD_CODE = "add_code"


#: how long a challenge is good; an app for codes may have to be installed first
LIFE = {
    Purpose.LOG_IN: timedelta(minutes=5),
    Purpose.ADD_PASSKEY: timedelta(minutes=5),
    Purpose.ADD_CODE: timedelta(minutes=15),
}
#: how lately somebody must have proved who they are to change what proves it
RECENT = timedelta(minutes=15)
#: passkeys of one account
MOST = 10
LONGEST_NAME = 60
#: characters of what a device answers; a real answer has a few thousand
LARGEST = 20_000


class Unproven(Exception):
    """A device's answer does not prove what it must; the message is for nobody's eyes."""


@dataclass(frozen=True, slots=True)
class Party:
    """Where passkeys are good: the exact origin, and the name that devices tie them to."""

    origin: str
    id: str


@dataclass(frozen=True, slots=True)
class New:
    """What a device told about a passkey that it has just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    synced: bool
    backed_up: bool


@dataclass(frozen=True, slots=True)
class Use:
    """What a device told when a passkey was used."""

    sign_count: int
    backed_up: bool


def party(url: str) -> Party:
    """Give the party of a site; browsers refuse numbers, so one's own machine is called by its name."""
    parts = urlsplit(url)
    host = "localhost" if parts.hostname in ("127.0.0.1", "::1") else str(parts.hostname)
    port = f":{parts.port}" if parts.port else ""
    return Party(f"{parts.scheme}://{host}{port}", host)


def why_not_change(level: int, authenticated_at: datetime, *, at: datetime) -> Promise | None:
    """Say why one may not change one's own factors now, or None: a password alone will not do."""
    if level >= 2 and at - authenticated_at <= RECENT:
        return None
    return _("Để đổi cách đăng nhập, hãy xác thực lại: bằng mật khẩu và mã, hoặc bằng khóa truy cập.")


def named(text: str, fallback: str) -> str:
    """Give a passkey's name as it is kept: one line of printable characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return (plain or fallback)[:LONGEST_NAME]


def regressed(kept: int, told: int) -> bool:
    """Tell whether a counter did not grow, as when a passkey was copied; devices without one tell 0."""
    return (kept > 0 or told > 0) and told <= kept


def ask_new(
    party: Party, *, site: str, name: str, handle: bytes, challenge: bytes, known: Iterable[bytes]
) -> str:
    """Write, as JSON, what a browser needs to have a passkey made that opens without a typed number."""
    return options_to_json(
        generate_registration_options(
            rp_id=party.id,
            rp_name=site,
            user_name=name,
            user_display_name=name,
            user_id=handle,
            challenge=challenge,
            timeout=int(LIFE[Purpose.ADD_PASSKEY].total_seconds() * 1000),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
    )


def ask_use(party: Party, *, challenge: bytes) -> str:
    """Write, as JSON, what a browser needs to have a passkey used; whose it is, the device tells."""
    return options_to_json(
        generate_authentication_options(
            rp_id=party.id,
            challenge=challenge,
            timeout=int(LIFE[Purpose.LOG_IN].total_seconds() * 1000),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


#: what the library raises at bytes that are not what they say they are
_BROKEN = (
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    struct.error,
)


def verify_new(answer: str, *, challenge: bytes, party: Party) -> New:
    """Check that a device made a passkey here, now, after verifying its holder; `Unproven` otherwise."""
    _bounded(answer)
    try:
        credential = parse_registration_credential_json(answer)
        found = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise Unproven(type(error).__name__) from error
    return New(
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        transports=tuple(one.value for one in credential.response.transports or ()),
        synced=found.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        backed_up=found.credential_backed_up,
    )


def claimed(answer: str) -> tuple[bytes, bytes]:
    """Read which passkey of whom an answer claims to come from; nothing is proved by that."""
    _bounded(answer)
    try:
        credential = parse_authentication_credential_json(answer)
        parse_authenticator_data(credential.response.authenticator_data)
    except _BROKEN as error:
        raise Unproven(type(error).__name__) from error
    return credential.raw_id, credential.response.user_handle or b""


def verify_use(answer: str, *, challenge: bytes, party: Party, public_key: bytes) -> Use:
    """Check that a device used this passkey here, now, after verifying its holder; `Unproven` otherwise."""
    _bounded(answer)
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            # The library looks at the counter before the signature: anybody could have a passkey locked.
            # `regressed` judges it once the signature is known to be right.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise Unproven(type(error).__name__) from error
    return Use(sign_count=found.new_sign_count, backed_up=found.credential_backed_up)


def _bounded(answer: str) -> None:
    if len(answer) > LARGEST:
        raise Unproven("too large")
