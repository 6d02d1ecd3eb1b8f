"""Claims together with how they were verified (OpenID Connect for Identity Assurance 1.0)."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from motcua.domain.accounts.rules.requests import Fault

#: our own name: none is registered for Vietnam
FRAMEWORK = "vn_population_register"
#: what the population register answers for; the telephone is only what somebody has told
VERIFIABLE = ("citizen_number", "name", "birthdate", "gender")
#: level 1 or 2 of an account (Decree 69/2024 art. 8) → how sure the link of account and person is
ASSURANCE = {1: "level1", 2: "level2"}
METHODS = {1: "data", 2: "vpip"}
_LONGEST = 2000


def read(text: str, *, opened: Collection[str]) -> tuple[str, ...]:
    """Read the `claims` parameter, in the one form taken here, or raise Fault; give what is to be verified.

    {"userinfo": {"verified_claims": {"verification": {"trust_framework": null}, "claims": {"name": null}}}}
    """
    if not text:
        return ()
    try:
        asked = json.loads(text) if len(text) <= _LONGEST else None
        wanted = _only(_only(asked, "userinfo"), "verified_claims")
        names = wanted["claims"] if set(wanted) == {"verification", "claims"} else {}
        framework = _only(wanted["verification"], "trust_framework")
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise Fault("invalid_request", "claims is not in the form taken here") from error
    if framework not in (None, {"value": FRAMEWORK}):
        raise Fault("invalid_request", "claims asks for another trust framework")
    if not isinstance(names, dict) or not names or any(value is not None for value in names.values()):
        raise Fault("invalid_request", "claims is not in the form taken here")
    if not set(names) <= set(opened) & set(VERIFIABLE):
        raise Fault("invalid_request", "claims asks for what no scope of the request opens")
    return tuple(name for name in VERIFIABLE if name in names)


def told(
    facts: Mapping[str, Any], names: Sequence[str], *, level: int, opened_at: datetime
) -> dict[str, Any]:
    """Compose `verified_claims` of the facts that were asked for and agreed; nothing of none."""
    claims = {name: facts[name] for name in names if name in facts}
    if not claims:
        return {}
    at = opened_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    evidence = {
        "type": "electronic_record",
        "check_details": [{"check_method": METHODS[level], "organization": "Bộ Công an"}],
        "time": at,
        "record": {
            "type": "population_register",
            "source": {"name": "Cơ sở dữ liệu quốc gia về dân cư", "country_code": "VNM"},
        },
    }
    verification = {
        "trust_framework": FRAMEWORK,
        "assurance_level": ASSURANCE[level],
        "time": at,
        "evidence": [evidence],
    }
    return {"verified_claims": {"verification": verification, "claims": claims}}


def _only(value: Any, name: str) -> Any:
    """Give the one thing that an object holds."""
    if not isinstance(value, dict) or set(value) != {name}:
        raise ValueError(name)
    return value[name]
