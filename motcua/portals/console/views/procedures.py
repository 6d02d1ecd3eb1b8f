"""Published versions and publishing."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.actor import ROLE_NAMES, Role
from motcua.base.errors import Refused
from motcua.base.web import Request, gate, page
from motcua.domain.agencies.rules import administers_province
from motcua.domain.procedures import commands, queries
from motcua.domain.procedures.models import ProcedureVersion
from motcua.portals.console import library, wording
from motcua.portals.console.forms import PackageForm
from motcua.portals.console.views.agencies import READERS, done, sent


def _version(code: str, number: int) -> ProcedureVersion:
    for version in queries.versions(code):
        if version.number == number:
            return version
    raise Http404


def _may_publish(request: Request) -> None:
    if not administers_province(request.actor):
        raise Refused(_("Thủ tục do quản trị cấp tỉnh ban hành."))


@gate(*READERS)
def procedures(request: Request) -> HttpResponse:
    """List every version of every procedure."""
    context = {"versions": queries.published(), "today": timezone.localdate()}
    return page(request, "console/procedures.html", context)


@gate(*READERS)
def version(request: Request, code: str, number: int) -> HttpResponse:
    """Show what one version says: fields, papers, fees, deadlines and steps, each with its law and mark."""
    found = _version(code, number)
    roles = {role.value: name for role, name in ROLE_NAMES.items()}
    context = {"version": found, "spec": found.spec, "roles": roles, **wording.version(found.spec)}
    return page(request, "console/version.html", context)


@gate(*READERS)
def packed(request: Request, code: str, number: int) -> HttpResponse:
    """Send the package of one version as zip."""
    content = library.packed(_version(code, number))
    name = f'attachment; filename="{code}-v{number}.zip"'
    return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": name})


@gate(Role.ADMINISTRATOR)
def publish(request: Request) -> HttpResponse:
    """Compare the library with what is published, and publish one package of it."""
    _may_publish(request)
    if request.method == "POST":
        definition = library.read(request.POST.get("folder", ""))
        made = commands.publish(definition=definition, by=request.actor, at=timezone.now())
        return redirect("console:version", made.code, made.number)
    return page(request, "console/publish.html", {"shelves": library.shelves(), "upload": PackageForm()})


@gate(Role.ADMINISTRATOR)
def upload(request: Request) -> HttpResponse:
    """Publish a package that comes as zip."""
    _may_publish(request)
    form = PackageForm(sent(request), request.FILES)
    made: list[ProcedureVersion] = []
    if done(form, lambda: made.append(form.publish(by=request.actor, at=timezone.now()))):
        return redirect("console:version", made[0].code, made[0].number)
    context = {"shelves": library.shelves(), "upload": form, "form": form}
    return page(request, "console/publish.html", context, status=422)
