"""Finding a person at the counter who has no number at hand."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.web import Request, gate, page
from motcua.portals.counter import seeking
from motcua.portals.counter.forms import ChooseForm, SeekForm


@gate(Role.CLERK)
def seek(request: Request) -> HttpResponse:
    """Ask what is known of the person, and show five at most who may be meant."""
    at = timezone.now()
    if request.method != "POST":
        first = {"procedure": request.GET.get("thu-tuc", "")}
        return _screen(request, seeking.form(request.actor, at=at, initial=first))
    form = seeking.form(request.actor, request.POST, at=at)
    if not form.is_valid():
        return _screen(request, form, status=422)
    try:
        shown = seeking.seek(form.cleaned_data, by=request.actor, at=at)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _screen(request, form, status=409)
    return _screen(request, form, shown=shown)


def _screen(request: Request, form: SeekForm, *, shown: object = None, status: int = 200) -> HttpResponse:
    if shown is not None:
        # The keyboard stands among the people found, where 1 to 5 choose.
        form.fields["name"].widget.attrs.pop("autofocus", None)
    return page(request, "counter/seek.html", {"form": form, "shown": shown}, status=status)


@require_POST
@gate(Role.CLERK)
def choose(request: Request) -> HttpResponse:
    """Open the draft of the person chosen."""
    form = ChooseForm(request.POST)
    if not form.is_valid():
        return redirect("counter:seek")
    said = form.cleaned_data
    draft = seeking.choose(
        handle=said["handle"],
        key=said["key"],
        code=said["procedure"],
        by=request.actor,
        at=timezone.now(),
    )
    return redirect("counter:work", key=draft.key)
