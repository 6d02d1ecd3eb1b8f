"""The shape of what officials of the desk send."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import ROLE_NAMES, Actor
from motcua.base.errors import Refused
from motcua.base.widgets import PhoneField
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import heading
from motcua.domain.accounts.models import Account, Organization
from motcua.domain.accounts.rules.accounts import GROUND_NAMES, Ground
from motcua.domain.accounts.rules.applications import CHECK_NAMES, OWN_AGE, VIETNAMESE, Check
from motcua.domain.accounts.rules.duties import ROLES
from motcua.domain.accounts.rules.locking import ROWS
from motcua.domain.agencies import places
from motcua.domain.people.rules import card_number
from motcua.domain.population.models import Person
from motcua.domain.population.rules import age
from motcua.domain.procedures.forms.widgets import AddressWidget

LEVEL_NAMES = {1: _("Mức 1"), 2: _("Mức 2")}


class CardNumber(forms.CharField):
    """A number, typed or scanned off a card; of a scan only the digits count."""

    def __init__(self, **words: Any) -> None:
        box = forms.TextInput(
            attrs={
                "class": "govuk-input--width-20",
                "inputmode": "numeric",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        )
        words.setdefault("label", _("Số định danh cá nhân"))
        words.setdefault("help_text", _("Gõ 12 chữ số, hoặc quét mã QR trên thẻ"))
        super().__init__(max_length=500, widget=box, **words)

    def clean(self, value: Any) -> str:
        """Leave out everything but the twelve digits."""
        text = super().clean(value)
        if not text and not self.required:
            return ""
        try:
            return card_number(text)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class CommuneField(forms.Field):
    """A commune, chosen from the list of its province; empty when none was chosen."""

    widget = AddressWidget(detail="none")

    def to_python(self, value: dict[str, str] | None) -> str:
        """Give the code of the commune."""
        code, province = (str((value or {}).get(part) or "") for part in ("commune", "province"))
        if code and code not in {one.code for one in places.communes(province)}:
            raise forms.ValidationError(_("Hãy bấm Đổi tỉnh rồi chọn xã, phường của tỉnh ấy."))
        return code


class DutyForm(forms.Form):
    """Who is to be there for what."""

    number = CardNumber()
    role = forms.ChoiceField(
        label=_("Vai trò"),
        choices=[(role.value, ROLE_NAMES[role]) for role in ROLES],
        widget=forms.RadioSelect,
    )
    place = CommuneField(
        label=_("Nơi làm việc"),
        help_text=_("Chỉ cho cán bộ định danh; vai trò khác thuộc cả nước, để trống xã, phường"),
        required=False,
    )


class FindForm(forms.Form):
    """Who stands at the desk."""

    number = CardNumber()

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        # A scanner types at once, without anybody clicking into the box first.
        self.fields["number"].widget.attrs["autofocus"] = True


def _check() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Đã kiểm tra người đến bằng cách nào"),
        choices=list(CHECK_NAMES.items()),
        widget=forms.RadioSelect,
    )


def _phone() -> PhoneField:
    return PhoneField(label=_("Số điện thoại chính chủ"), help_text=_("Mã kích hoạt được gửi đến số này"))


class ApplyForm(forms.Form):
    """An application taken in at the desk."""

    level = forms.TypedChoiceField(label=_("Cấp tài khoản"), coerce=int, widget=forms.RadioSelect)
    check = _check()
    known = forms.BooleanField(
        label=_("Sinh trắc học đã có trong cơ sở dữ liệu xuất nhập cảnh"), required=False
    )
    guardian_number = CardNumber(label=_("Số định danh của cha hoặc mẹ cùng đến"), required=False)
    phone = _phone()

    def __init__(self, *words: Any, person: Person, on: date, **more: Any) -> None:
        super().__init__(*words, **more)
        levels = queries.levels(person, on=on)
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(one, LEVEL_NAMES[one]) for one in levels]
        field.initial = levels[0] if levels else None
        if age(person.born_on, on) >= OWN_AGE:
            del self.fields["guardian_number"]
        if person.nationality == VIETNAMESE:
            del self.fields["known"]

    def words(self) -> dict[str, Any]:
        """Give what the command takes."""
        given = dict(self.cleaned_data)
        return {**given, "check": Check(given["check"]), "known": given.get("known", True)}


class _GroundForm(forms.Form):
    """A ground of the law and the paper it rests on; grounds that do not fit say why."""

    action = ""
    ground = forms.ChoiceField(label=_("Lý do theo Điều 34 Luật Căn cước"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Căn cứ"),
        help_text=_("Số, ngày của văn bản, giấy tờ; để trống khi chính chủ tài khoản yêu cầu"),
        required=False,
        max_length=300,
    )

    def __init__(self, *words: Any, account: Account, by: Actor, **more: Any) -> None:
        super().__init__(*words, **more)
        self.reasons = queries.why_not_grounds(self.action, account, by=by)
        field = self.fields["ground"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (ground.value, f"{row.letter}) {self.name(ground)}")
            for ground, row in ROWS.items()
            if not self.reasons[ground.value]
        ]

    def name(self, ground: Ground) -> Promise:
        """Name a ground."""
        return GROUND_NAMES[ground]

    @property
    def closed(self) -> list[tuple[Promise, str]]:
        """List the grounds that cannot be chosen, with the reason."""
        return [(self.name(Ground(one)), reason) for one, reason in self.reasons.items() if reason]


class LockForm(_GroundForm):
    """Why an account is locked."""

    action = "lock"


class UnlockForm(_GroundForm):
    """What has ended, so that an account is unlocked."""

    action = "unlock"

    def name(self, ground: Ground) -> Promise:
        """Name what must have happened."""
        return ROWS[ground].ends or GROUND_NAMES[ground]


class RecoverForm(forms.Form):
    """How it was found out who asks for the recovery."""

    check = _check()
    phone = _phone()

    def __init__(self, *words: Any, account: Account, by: Actor, **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["phone"].help_text = _("Mã khôi phục được gửi đến số này sau thời gian chờ")


class WithdrawForm(forms.Form):
    """How it was found out who takes the application back."""

    check = _check()


class RefuseForm(forms.Form):
    """Why an application is refused."""

    reason = forms.CharField(
        label=_("Lý do từ chối"),
        help_text=_("Người đề nghị đọc được câu này"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OrganizationForm(forms.Form):
    """Which organization."""

    code = forms.CharField(
        label=_("Mã số của tổ chức"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )

    def __init__(self, *words: Any, known: QuerySet[Organization], **more: Any) -> None:
        super().__init__(*words, **more)
        self.known = known

    def clean_code(self) -> Organization:
        """Find it by its number."""
        found = self.known.filter(code=self.cleaned_data["code"].strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("Không có tài khoản tổ chức nào mang mã số này."))
        return found


class OrganizationActForm(forms.Form):
    """What happens to an organization's account, and the paper it rests on."""

    action = forms.ChoiceField(label=_("Việc cần làm"), widget=forms.RadioSelect)
    number = CardNumber(
        label=_("Số định danh của người đứng đầu mới"),
        help_text=_("Chỉ khi đổi người đứng đầu; người này phải có tài khoản định danh mức 2"),
        required=False,
    )
    note = forms.CharField(label=_("Căn cứ"), help_text=_("Số, ngày của văn bản, giấy tờ"), max_length=300)

    def __init__(self, *words: Any, organization: Organization, **more: Any) -> None:
        super().__init__(*words, **more)
        self.organization = organization
        field = self.fields["action"]
        assert isinstance(field, forms.ChoiceField)
        lock = ("unlock", _("Mở khóa")) if organization.locked_at else ("lock", _("Tạm khóa"))
        field.choices = [lock, ("change_head", _("Đổi người đứng đầu")), ("close", _("Hủy tài khoản"))]

    def act(self, *, by: Actor, at: datetime) -> object:
        """Do it."""
        words: dict[str, Any] = {
            "organization": self.organization,
            "note": self.cleaned_data["note"],
            "by": by,
            "at": at,
        }
        if self.cleaned_data["action"] == "change_head":
            return heading.change_head(number=self.cleaned_data["number"], **words)
        acts = {"lock": heading.lock, "unlock": heading.unlock, "close": heading.close}
        return acts[self.cleaned_data["action"]](**words)
