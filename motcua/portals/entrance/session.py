"""Who is logged in on this site."""

from django.http import HttpRequest

from motcua.base.actor import Actor


def actor_of(request: HttpRequest) -> Actor | None:
    """Find the actor of this session."""
    return None
