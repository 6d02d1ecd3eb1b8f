"""The signed tree over the usage log for the whole world: heads, and proofs in the words of RFC 9162.

Hashes are written in hex, as in exported files. Nothing here says whose data a row was about.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from motcua.base import merkle
from motcua.base.web import EVERYONE, Request, gate, page
from motcua.domain.population import proving, queries
from motcua.domain.population.models import TreeHead

#: heads on the page
SHOWN = 20
_COUNT = forms.TextInput({"class": "govuk-input--width-10", "inputmode": "numeric", "autocomplete": "off"})
#: of what never changes
_LONG = "public, max-age=86400"


class CompareForm(forms.Form):
    """The sizes of two trees."""

    tu = forms.IntegerField(label=gettext_lazy("Số dòng lần trước"), min_value=1, widget=_COUNT)
    den = forms.IntegerField(label=gettext_lazy("Số dòng lần sau"), min_value=1, widget=_COUNT)

    def compared(self) -> dict[str, Any] | None:
        """Hold the smaller tree against the larger one; a size that no tree has is a mistake of the form."""
        if not self.is_valid():
            return None
        before, after = self.cleaned_data["tu"], self.cleaned_data["den"]
        if not before <= after <= queries.tiled():
            self.add_error("den", _unknown())
            return None
        path = proving.consistency(queries.hashes, before, after)
        roots = [proving.root(queries.hashes, one) for one in (before, after)]
        good = merkle.consistent(before, after, path, *roots)
        rows = [(before, roots[0].hex()), (after, roots[1].hex())]
        return {"rows": rows, "path": [step.hex() for step in path], "good": good}


@require_safe
@gate(*EVERYONE)
def shown(request: Request) -> HttpResponse:
    """Show the newest signed heads and, for two sizes, whether one tree goes on from the other."""
    form = CompareForm(request.GET if {"tu", "den"} & request.GET.keys() else None)
    found, heads = form.compared(), queries.newest_heads(most=SHOWN)
    context = {"heads": heads, "form": form, "found": found}
    return page(request, "register/tree.html", context, status=422 if form.errors else 200)


@require_safe
@gate(*EVERYONE)
def get_sth(request: Request) -> HttpResponse:
    """Give the newest signed head, or that of a size, with its key (RFC 9162 section 5.2)."""
    wanted = size(request, "tree_size")
    newest = queries.newest_heads(most=1)
    head = queries.head_of(wanted) if wanted else newest[0] if newest else None
    if head is None:
        return problem(404, "unknown", _("Chưa có đỉnh cây nào như vậy."))
    return told(described(head), keep=bool(wanted))


@require_safe
@gate(*EVERYONE)
def get_consistency(request: Request) -> HttpResponse:
    """Prove that the tree of one size begins with that of another (RFC 9162 section 5.3)."""
    first, second = size(request, "first"), size(request, "second")
    if not 0 < first <= second <= queries.tiled():
        return problem(400, "malformed", _unknown())
    path = proving.consistency(queries.hashes, first, second)
    return told({"first": first, "second": second, "consistency": [step.hex() for step in path]}, keep=True)


@require_safe
@gate(*EVERYONE)
def get_inclusion(request: Request) -> HttpResponse:
    """Prove that what stands at a place is in the tree of a size (RFC 9162 section 5.4, by place)."""
    place, total = size(request, "leaf_index", least=-1), size(request, "tree_size")
    if not 0 <= place < total <= queries.tiled():
        return problem(400, "malformed", _unknown())
    path = proving.inclusion(queries.hashes, place, total)
    said = {"leaf_index": place, "tree_size": total, "inclusion": [step.hex() for step in path]}
    return told(said, keep=True)


def size(request: HttpRequest, name: str, *, least: int = 0) -> int:
    """Read a size from the address; the least one, which is never good, for anything else."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else least


def described(head: TreeHead) -> dict[str, Any]:
    """Say what a head is, beside the token that proves it."""
    return {
        "log": proving.LOG,
        "tree_size": head.size,
        "root_hash": head.root,
        "timestamp": int(head.at.timestamp() * 1000),
        "sth": head.token,
        "key": head.key.public,
    }


def told(said: dict[str, Any], *, keep: bool) -> HttpResponse:
    """Answer in JSON; what never changes may be kept on the way."""
    return JsonResponse(said, headers={"Cache-Control": _LONG if keep else "no-store"})


def problem(status: int, code: str, message: str) -> HttpResponse:
    """Say in JSON why there is no answer, as the register's other addresses do."""
    return JsonResponse(
        {"code": code, "message": message},
        status=status,
        headers={"Cache-Control": "no-store"},
        json_dumps_params={"ensure_ascii": False},
    )


def _unknown() -> str:
    return _("Sổ không có dòng hoặc cỡ cây như vậy.")
