"""Sessions of browsers by the log-in at the identity provider that they came from."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from motcua.base.events import digest
from motcua.base.models import Visit


def note(sid: str, session_key: str, *, until: datetime) -> None:
    """Remember to which log-in at the provider a browser's session belongs."""
    Visit.objects.update_or_create(session_key=session_key, defaults={"sid": digest(sid), "until": until})


@transaction.atomic
def end(sid: str) -> int:
    """End every session that came of a log-in at the provider; give how many there were."""
    keys = list(Visit.objects.filter(sid=digest(sid)).values_list("session_key", flat=True))
    Visit.objects.filter(session_key__in=keys).delete()
    return Session.objects.filter(session_key__in=keys).delete()[0]
