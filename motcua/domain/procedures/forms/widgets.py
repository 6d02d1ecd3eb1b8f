"""Groups of boxes that Django lacks; all of them work without JavaScript."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings

from motcua.domain.agencies import places


class Boxes(forms.Widget):
    """Several boxes over one answer with named parts."""

    use_fieldset = True
    parts: tuple[str, ...] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str] | None:
        """Gather the parts."""
        typed = {part: str(data.get(f"{name}_{part}") or "") for part in self.parts}
        return {part: text for part, text in typed.items() if text.strip()} or None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Tell whether no part was sent at all."""
        return not any(f"{name}_{part}" in data for part in self.parts)

    def id_for_label(self, id_: str) -> str:
        """Let the legend stand alone; each box has its own label."""
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template the value part by part."""
        context = super().get_context(name, None, attrs)
        context["widget"]["value"] = value if isinstance(value, Mapping) else {}
        context["widget"]["invalid"] = "aria-invalid" in (attrs or {})
        return context


class PersonWidget(Boxes):
    """Name and number of another person."""

    template_name = "django/forms/widgets/person.html"
    parts = ("name", "number")


class AddressWidget(Boxes):
    """Province, commune and detail.

    The communes of one province stand in the page; a button asks for those of another one.
    """

    template_name = "django/forms/widgets/address.html"
    parts = ("province", "commune", "detail")

    def __init__(self, *, detail: str = "required", attrs: dict[str, Any] | None = None) -> None:
        self.detail = detail
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the lists; the home province stands first."""
        context = super().get_context(name, value, attrs)
        chosen = context["widget"]["value"]
        home = settings.PROVINCE_CODE
        province = chosen.get("province") or home
        context["widget"] |= {
            "detail": self.detail,
            "province": province,
            "provinces": sorted(places.provinces(), key=lambda place: place.code != home),
            "communes": places.communes(province),
            "choose": f"{name}_choose",
        }
        return context
