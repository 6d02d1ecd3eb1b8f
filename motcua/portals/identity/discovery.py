"""What the provider says about itself (OpenID Connect Discovery)."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from motcua.base import jose
from motcua.domain.accounts.models import Client
from motcua.domain.accounts.rules import verified
from motcua.domain.accounts.rules.accounts import ACR
from motcua.domain.accounts.rules.machines import MACHINE_SCOPES
from motcua.domain.accounts.rules.requests import CLAIM_NAMES, CLAIMS_OF_SCOPE, OFFLINE

#: what every ID token tells about the log-in
_OURS = ("sub", "acr", "amr", "auth_time", "sid")


def document() -> dict[str, Any]:
    """Name every address and everything that is spoken here, and nothing that is not."""
    return {
        "issuer": settings.NATIONAL_URL,
        "authorization_endpoint": address("authorize"),
        "pushed_authorization_request_endpoint": address("par"),
        "token_endpoint": address("token"),
        "introspection_endpoint": address("introspect"),
        "revocation_endpoint": address("revoke"),
        "userinfo_endpoint": address("userinfo"),
        # a name of our own: what RFC 7592 calls it, which only an answer to a registration would tell
        "client_configuration_endpoint": address("registration"),
        "jwks_uri": address("jwks"),
        "end_session_endpoint": address("end_session"),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "scopes_supported": [*CLAIMS_OF_SCOPE, *MACHINE_SCOPES],
        "claims_supported": [*_OURS, *sorted(CLAIM_NAMES.keys() - {OFFLINE})],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [jose.ALGORITHM],
        **_authentication("token", "introspection", "revocation"),
        "dpop_signing_alg_values_supported": [jose.ALGORITHM],
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": [ACR[1], ACR[2]],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["vi", "en"],
        "authorization_response_iss_parameter_supported": True,
        # true for each client of the profile "fapi"; this speaks for all of them
        "require_pushed_authorization_requests": False,
        "claims_parameter_supported": True,
        "verified_claims_supported": True,
        "trust_frameworks_supported": [verified.FRAMEWORK],
        "claims_in_verified_claims_supported": list(verified.VERIFIABLE),
        "evidence_supported": ["electronic_record"],
        "electronic_records_supported": ["population_register"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


def _authentication(*endpoints: str) -> dict[str, list[str]]:
    """Say how clients prove who they are: the same everywhere."""
    methods, algorithms = list(Client.Method.values), [jose.ALGORITHM]
    return {f"{name}_endpoint_auth_methods_supported": methods for name in endpoints} | {
        f"{name}_endpoint_auth_signing_alg_values_supported": algorithms for name in endpoints
    }


def address(name: str) -> str:
    """Give the full address of one endpoint."""
    return str(settings.NATIONAL_URL + reverse(f"identity:{name}"))
