"""What the workers do for accounts at their hours."""

from datetime import datetime

from django.conf import settings

from motcua.base import files, scanning
from motcua.base.actor import SYSTEM
from motcua.base.models import Event
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, deciding, ending, grants, keys, messages, recovering


def send_message(*, event: Event, at: datetime) -> None:
    """Hand a text to the gateway; a dead gateway lets the queue try again later."""
    if message := queries.message(event.data["message"]):
        messages.deliver(message=message, by=SYSTEM, at=at)


def tell_log_out(*, event: Event, at: datetime) -> None:
    """Tell a client that a log-in is over; one that is away lets the queue try again later."""
    if notice := queries.notice(event.data["notice"]):
        ending.deliver(notice=notice, issuer=settings.NATIONAL_URL, by=SYSTEM, at=at)


def rotate_keys(*, at: datetime) -> None:
    """Let the next signing key take its turn."""
    keys.rotate_keys(by=SYSTEM, at=at)


def forget(*, at: datetime) -> None:
    """Delete requests, codes, tokens and tries whose time is long over."""
    grants.forget(by=SYSTEM, at=at)


def scan_photo(*, event: Event, at: datetime) -> None:
    """Scan the photo of an application that has just been filed."""
    photo = queries.photo_of(event.subject)
    if photo is not None:
        verdict = scanning.scan(files.path(photo), photo.kind)
        files.note(photo, state=verdict.state, found=verdict.found, at=at)


def note_death(*, event: Event, at: datetime) -> None:
    """Lock the account of somebody whose death the register has come to know."""
    if event.data["attribute"] == "deceased_on" and (person := queries.dead(event.subject)):
        accounts.note_death(person=person, by=SYSTEM, at=at)


def lapse(*, at: datetime) -> None:
    """Let applications lapse that were not activated in time."""
    deciding.lapse(by=SYSTEM, at=at)


def ripen(*, at: datetime) -> None:
    """Send the codes of recoveries that have cooled."""
    recovering.ripen(by=SYSTEM, at=at)
