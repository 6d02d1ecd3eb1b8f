"""Publishing procedures: from a definition to a frozen version."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.base.text import fold, nfc, sort_key
from motcua.domain.procedures import package
from motcua.domain.procedures.events import PUBLISHED
from motcua.domain.procedures.models import Procedure, ProcedureVersion
from motcua.domain.procedures.rules import fingerprint


@transaction.atomic
def publish(*, definition: dict[str, Any], by: Actor, at: datetime) -> ProcedureVersion:
    """Publish a definition that `package.read` gave; what is in force already is left as it is.

    The first version is in force from the day that it names, a later one not before the day of publishing.
    """
    if not by.has(Role.SYSTEM, Role.ADMINISTRATOR):
        raise Refused(_("Chỉ quản trị viên được ban hành thủ tục."))
    search = definition.get("search", [])
    content = {part: value for part, value in definition.items() if part != "search"}
    main = content["procedure"]
    Procedure.objects.get_or_create(code=main["code"])
    procedure = Procedure.objects.select_for_update().get(code=main["code"])
    last = procedure.versions.order_by("-number").first()
    spoken = _spoken([main["title"], main["title_en"], main["area"], main["code"], *search])
    words = {"spoken": spoken, "folded": _fold_lines(spoken)}
    sha256 = fingerprint(content)
    if last is not None and last.sha256 == sha256:
        # Words for searching are not part of the law: they follow the library.
        procedure.versions.filter(pk=last.pk).exclude(**words).update(**words)
        return last
    named = date.fromisoformat(main["in_force_from"])
    since = named if last is None else max(named, timezone.localdate(at))
    if last is not None and last.in_force_to is None:
        last.in_force_to = max(since, last.in_force_from) - timedelta(days=1)
        last.save(update_fields=["in_force_to"])
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=last.number + 1 if last else 1,
        code=main["code"],
        title=main["title"],
        title_en=main["title_en"],
        in_force_from=since,
        definition=content,
        sha256=sha256,
        published_at=at,
        sort_key=sort_key(main["title"]),
        **words,
    )
    data = {"number": version.number, "sha256": sha256, "in_force_from": since.isoformat()}
    events.record(PUBLISHED, subject=procedure.subject, by=by, at=at, note=version.title, data=data)
    return version


def publish_all(*, by: Actor, at: datetime, root: Path | None = None) -> list[ProcedureVersion]:
    """Publish every package of a library; nothing at all when one of them is faulty."""
    read = [package.read(folder, root=root) for folder in package.folders(root)]
    with transaction.atomic():
        return [publish(definition=definition, by=by, at=at) for definition in read]


def _spoken(phrases: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(nfc(phrase).lower() for phrase in phrases))


def _fold_lines(text: str) -> str:
    return "\n".join(fold(line) for line in text.split("\n"))
