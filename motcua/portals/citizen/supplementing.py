"""Answering a supplement: exactly what was asked, files and answers on one page."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from motcua.base.errors import Refused
from motcua.base.web import Request
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Dossier
from motcua.domain.procedures.forms import PageForm, page_answers, page_form
from motcua.domain.procedures.rules import Problem
from motcua.portals.citizen import uploading
from motcua.portals.citizen.uploading import Place


class Answer:
    """What was asked, what has come so far, and what is still wrong."""

    def __init__(self, dossier: Dossier, request: Request, *, at: datetime) -> None:
        self.dossier = dossier
        self.request = request
        self.at = at
        self.asked = dossier.supplements.get(answered_at__isnull=True)
        self.forms = self._forms()
        self.problems: list[Problem] = []
        if request.method == "POST":
            self.problems = uploading.take_in(dossier, request, at=at)

    def _forms(self) -> list[PageForm]:
        """Make the asked questions ready, page by page; without "send" nothing is judged yet."""
        names = {item["name"] for item in self.asked.items if item["kind"] == "field"}
        spec = self.dossier.version.spec
        sent = self.request.method == "POST"
        found = []
        for page in dict.fromkeys(field.page for field in spec.fields if field.name in names):
            form = page_form(
                spec,
                page,
                answers=self.dossier.answers,
                data=self.request.POST if sent else None,
                language=get_language() or "vi",
                on=timezone.localdate(self.at),
            )
            for name in form.fields.keys() - names:
                del form.fields[name]
            form.reshaped = form.reshaped or "send" not in self.request.POST
            found.append(form)
        return found

    def send(self) -> bool:
        """Answer the supplement when everything asked has come; else say what is missing."""
        for form in self.forms:
            self.problems += [
                Problem(name, str(error)) for name in form.errors for error in form.errors[name]
            ]
        if self.problems or any(form.reshaped for form in self.forms):
            return False
        values = {name: value for form in self.forms for name, value in page_answers(form).items()}
        try:
            commands.supplement(dossier=self.dossier, values=values, by=self.request.actor, at=self.at)
        except Refused as refused:
            self.problems = [Problem(self._first_empty(), str(refused))]
            return False
        return True

    def _first_empty(self) -> str:
        return next((place.name for place in self._places() if not place.files), "")

    def _places(self) -> list[Place]:
        places = [
            Place(item["name"], item["title"], item.get("why", ""), required=item["kind"] == "paper")
            for item in self.asked.items
            if item["kind"] != "field"
        ]
        return uploading.with_files(places, queries.unfiled(self.dossier), self.problems)

    def told(self) -> dict[str, Any]:
        """Gather what the page shows."""
        return {
            "dossier": self.dossier,
            "asked": self.asked,
            "whys": [item for item in self.asked.items if item["kind"] == "field" and item.get("why")],
            "places": self._places(),
            "forms": self.forms,
            "problems": self.problems,
            **uploading.INPUT,
        }
