"""Answers to machines: JSON for no cache, one shape of error, and the nonce for the next proof."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone

from motcua.base import jose
from motcua.base.web import Request
from motcua.domain.accounts import queries
from motcua.domain.accounts.rules.requests import Fault

PROOF = "DPoP"


def answered(realm: str) -> Callable[[Callable[[Request], Mapping[str, Any]]], Callable[..., HttpResponse]]:
    """Turn what a view gives, or the Fault that it raises, into an answer; stands under `@gate`."""

    def wrap(view: Callable[[Request], Mapping[str, Any]]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: Request) -> HttpResponse:
            try:
                response = _answer(view(request))
            except Fault as fault:
                response = _refusal(fault, scheme(request), realm)
            except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
                response = _refusal(Fault("invalid_request", "the request cannot be read"), "", realm)
            if PROOF in request.headers:
                response["DPoP-Nonce"] = queries.nonces(at=timezone.now())[0]
            return response

        return answer

    return wrap


def scheme(request: Request) -> str:
    """Tell how a request says that its token be believed."""
    return request.headers.get("Authorization", "").partition(" ")[0].lower()


def _refusal(fault: Fault, used: str, realm: str) -> HttpResponse:
    response = _answer({"error": fault.code, "error_description": fault.description})
    response.status_code = fault.status
    if fault.status == 401 and fault.code == "invalid_client":
        response["WWW-Authenticate"] = f'Basic realm="{realm}"'
    elif fault.status == 429:
        response["Retry-After"] = "300"
    elif fault.status == 401:
        wanted = f'{PROOF} algs="{jose.ALGORITHM}",' if used == PROOF.lower() else "Bearer"
        response["WWW-Authenticate"] = f'{wanted} realm="{realm}", error="{fault.code}"'
    return response


def _answer(body: Mapping[str, Any]) -> HttpResponse:
    status = 201 if "request_uri" in body else 200
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return JsonResponse(dict(body), status=status, headers=headers)
