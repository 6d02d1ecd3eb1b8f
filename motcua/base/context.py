"""What every template knows about the site it stands on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from motcua.base.web import carried, clean


def site(request: HttpRequest) -> dict[str, Any]:
    """Name the site, its doors and whether it is only a demonstration."""
    return {
        "site_name": settings.SITE_NAME,
        "login_url": settings.LOGIN_URL,
        "logout_url": settings.LOGOUT_URL,
        "confirm_url": settings.CONFIRM_URL,
        "account_menu": settings.ACCOUNT_MENU,
        "desk_menu": settings.DESK_MENU,
        "help_phone": settings.HELP_PHONE,
        # A real province's people look this up at the real national site, at an address of its own.
        "national_url": settings.NATIONAL_URL if settings.RUN_NATIONAL else "",
        "demo": settings.DEMO,
        # Where the switch of languages, a new try, a form and "back" lead to.
        "here": clean(request.get_full_path()),
        "query": carried(request),
        "came_from": clean(request.headers.get("Referer", "/")),
    }
