"""Asking a leader to prove once more who is approving (the idea of RFC 9470)."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from motcua.base.web import Request

_KEY = "office_notes"


def stale(request: Request, code: str) -> HttpResponse | None:
    """Lead to a fresh log-in and back to where the approval was begun, its note kept; None when fresh."""
    if request.actor.proved_within(settings.APPROVAL_FRESH, at=timezone.now()):
        return None
    request.session[_KEY] = {code: request.POST.get("reason", "")}
    here = reverse("office:act", args=[code, "settle"])
    there = reverse("office:approvals") if "next_one" in request.POST else here
    minutes = int(settings.APPROVAL_FRESH.total_seconds() // 60)
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'moi': minutes, 'next': there})}")


def kept(request: Request, code: str) -> str:
    """Give the note that was typed before the fresh log-in."""
    found: dict[str, str] = request.session.get(_KEY, {})
    return found.get(code, "")
