"""The shape of what administrators send about connected systems."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.base.models import Event
from motcua.base.widgets import DateField
from motcua.domain.accounts import events as facts
from motcua.domain.accounts.commands import connecting
from motcua.domain.accounts.models import Client
from motcua.domain.accounts.rules.connecting import LEAST_LEVEL, LEVELS, Evidence, read_keys
from motcua.domain.accounts.rules.machines import MACHINE_SCOPES
from motcua.domain.accounts.rules.requests import CLAIM_NAMES, CLAIMS_OF_SCOPE

_LARGEST = 20_000
#: what a scope without claims of its own opens
_ALONE = _("Mã riêng của mỗi người tại hệ thống này")


def _scopes() -> list[tuple[str, str]]:
    """Name each scope with what it opens."""
    found = []
    for scope, claims in CLAIMS_OF_SCOPE.items():
        opened = "; ".join(str(CLAIM_NAMES[claim]) for claim in claims if claim in CLAIM_NAMES)
        found.append((scope, f"{scope}: {opened or _ALONE}"))
    return found


class Keys(forms.FileField):
    """A JWK set, read and checked."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Bộ khóa công khai (JWKS)"),
            help_text=_("Tệp JSON, khóa EC P-256, mỗi khóa có kid; không có khóa bí mật"),
            widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        )

    def clean(self, data: Any, initial: Any = None) -> list[dict[str, Any]]:
        """Give the keys, or the sentence that says what is wrong with them."""
        upload = super().clean(data, initial)
        try:
            text = upload.read(_LARGEST + 1).decode()
            return read_keys(text)
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("Tệp khóa không đọc được.")) from error
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class Day(DateField):
    """A day as the domain knows it."""

    def clean(self, value: Any) -> date:
        """Give the day that the boxes say."""
        return date.fromisoformat(super().clean(value))


class Lines(forms.CharField):
    """Addresses, one a line."""

    def __init__(self, label: Any, **words: Any) -> None:
        box = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
        super().__init__(label=label, max_length=4000, widget=box, **words)

    def clean(self, value: Any) -> list[str]:
        """Give the lines that say something."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class ConnectionForm(forms.Form):
    """A system that asks to be connected, and what it shows for it."""

    name = forms.CharField(label=_("Tên hệ thống"), max_length=200)
    code = forms.CharField(
        label=_("Mã ứng dụng"), help_text=_("chữ thường không dấu, ví dụ tinh-tay-ninh"), max_length=60
    )
    purpose = forms.CharField(
        label=_("Mục đích"), help_text=_("Người dân đọc câu này khi được hỏi có đồng ý không"), max_length=500
    )
    scopes = forms.MultipleChoiceField(
        label=_("Phạm vi theo văn bản thỏa thuận"),
        choices=_scopes,
        widget=forms.CheckboxSelectMultiple,
    )
    machine_scopes = forms.MultipleChoiceField(
        label=_("Ứng dụng tự hỏi, không thay ai"),
        choices=list(MACHINE_SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    redirect_uris = Lines(_("Địa chỉ quay lại"), help_text=_("Mỗi dòng một địa chỉ https đầy đủ"))
    logout_uris = Lines(_("Địa chỉ sau khi đăng xuất"), required=False)
    backchannel_uri = forms.CharField(label=_("Địa chỉ nhận báo đăng xuất"), max_length=500, required=False)
    keys = Keys()
    level = forms.TypedChoiceField(
        label=_("Cấp độ an toàn thông tin"),
        help_text=_("Từ cấp độ 3 mới được kết nối (Nghị định 69/2024/NĐ-CP)"),
        choices=[(level, level) for level in LEVELS],
        initial=LEAST_LEVEL,
        coerce=int,
    )
    level_reference = forms.CharField(label=_("Số quyết định phê duyệt cấp độ"), max_length=200)
    level_on = Day(label=_("Ngày quyết định"))
    agreement_reference = forms.CharField(label=_("Số văn bản thỏa thuận"), max_length=200)
    agreement_on = Day(label=_("Ngày thỏa thuận"))
    known = forms.BooleanField(
        label=_("Đã kết nối với CSDL quốc gia về dân cư"),
        help_text=_("Thẩm định trong 7 ngày làm việc; hệ thống khác trong 30 ngày"),
        required=False,
    )

    def file(self, *, by: Actor, at: datetime) -> object:
        """Take the application down."""
        given = dict(self.cleaned_data)
        shown = {name: given.pop(name) for name in Evidence.__dataclass_fields__}
        return connecting.file(**given, evidence=Evidence(**shown), by=by, at=at)


class Step(forms.Form):
    """One thing to be done to a system; this one is nothing."""

    def act(self, *, client: Client, by: Actor, at: datetime) -> None:
        """Do it."""


class Approve(Step):
    """The system is let in."""

    def act(self, *, client: Client, by: Actor, at: datetime) -> None:
        """Approve."""
        connecting.approve(client=client, by=by, at=at)


class Noted(Step):
    """Something that needs a reason."""

    note = forms.CharField(label=_("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class Refuse(Noted):
    """The system is turned down."""

    def act(self, *, client: Client, by: Actor, at: datetime) -> None:
        """Refuse."""
        connecting.refuse(client=client, note=self.cleaned_data["note"], by=by, at=at)


class Suspend(Noted):
    """The system is shut out."""

    def act(self, *, client: Client, by: Actor, at: datetime) -> None:
        """Suspend."""
        connecting.suspend(client=client, note=self.cleaned_data["note"], by=by, at=at)


class Resume(Step):
    """The system is let in again."""

    def act(self, *, client: Client, by: Actor, at: datetime) -> None:
        """Resume."""
        connecting.resume(client=client, by=by, at=at)


class Replace(Step):
    """The system signs with other keys."""

    keys = Keys()

    def act(self, *, client: Client, by: Actor, at: datetime) -> None:
        """Take the keys."""
        connecting.replace_keys(client=client, keys=self.cleaned_data["keys"], by=by, at=at)


STEPS: dict[str, type[Step]] = {
    "": Step,
    "chap-thuan": Approve,
    "khong-chap-thuan": Refuse,
    "tam-ngung": Suspend,
    "hoat-dong-lai": Resume,
    "thay-khoa": Replace,
}

#: what happened to a system, in words
HAPPENED: dict[str, Promise] = {
    facts.CLIENT_REGISTERED: _("Ghi thông tin kết nối"),
    facts.CLIENT_ASKED: _("Đề nghị kết nối"),
    facts.CONNECTION_APPROVED: _("Chấp thuận"),
    facts.CONNECTION_REFUSED: _("Không chấp thuận"),
    facts.CLIENT_SUSPENDED: _("Tạm ngừng"),
    facts.CLIENT_RESUMED: _("Cho hoạt động lại"),
    facts.CLIENT_KEYS_REPLACED: _("Thay khóa"),
}


def story(client: Client) -> list[tuple[Event, Promise | str]]:
    """List what happened to a system, newest first."""
    latest = events.history(client.subject)[::-1][:20]
    return [(event, HAPPENED.get(event.name, event.name)) for event in latest]
