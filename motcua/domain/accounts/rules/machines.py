"""What a system may ask for itself, for no person (RFC 6749 4.4, FAPI 2.0 Security Profile 5.3.2.1)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.domain.accounts.rules.requests import Fault, narrowed, single

#: reading what is registered of the system itself
REGISTRATION = "registration"
#: scope → what it opens; none of them opens anything about a person
MACHINE_SCOPES: dict[str, Promise] = {REGISTRATION: _("Ứng dụng tự đọc thông tin đăng ký của mình")}
MACHINE_LIFE = timedelta(minutes=5)
#: a log-out that is not delivered by then is told to the system as waiting: tries after that are rare
LATE = timedelta(minutes=10)
#: words of other grants: whoever says them means something else than it will get
_ELSEWHERE = frozenset(
    {
        *("code", "code_verifier", "redirect_uri", "refresh_token", "username", "password", "assertion"),
        *(
            "nonce",
            "claims",
            "acr_values",
            "max_age",
            "login_hint",
            "id_token_hint",
            "request",
            "request_uri",
        ),
        *("subject_token", "actor_token", "device_code", "auth_req_id"),
    }
)


def asked_scopes(
    params: Mapping[str, Sequence[str]], *, strict: bool, allowed: Collection[str]
) -> tuple[str, ...]:
    """Read which scopes a system asks for itself, all it was allowed when it names none, or raise Fault."""
    if not (strict and allowed):
        raise Fault("unauthorized_client", "this client may not ask for itself")
    if found := sorted(_ELSEWHERE & set(params)):
        raise Fault("invalid_request", f"{found[0]} does not belong to this grant")
    return tuple(narrowed(single(params, "scope"), [scope for scope in MACHINE_SCOPES if scope in allowed]))


def why_not_machine_scopes(scopes: Collection[str], *, strict: bool) -> Promise | None:
    """Say why a system cannot be allowed to ask for itself, or None."""
    if not set(scopes) <= set(MACHINE_SCOPES):
        return _("Ứng dụng chỉ được tự hỏi những phạm vi trong danh mục.")
    if scopes and not strict:
        return _("Chỉ ứng dụng theo hồ sơ FAPI mới được tự hỏi.")
    return None
