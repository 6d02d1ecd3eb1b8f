"""What is wrong with a package: each fault names its file and line, in a sentence for its writer."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.errors import Refused


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake: the file inside the package, the line, the sentence."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class Faulty(Refused):
    """Raised when a package cannot be read; it lists every fault, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


MESSAGES: dict[str, Promise] = {
    "required": _("thiếu khóa “%(property)s”"),
    "type": _("giá trị sai kiểu: cần %(types)s"),
    "enum": _("giá trị “%(value)s” không có trong danh sách: %(options)s"),
    "pattern": _("giá trị “%(value)s” không đúng dạng %(pattern)s"),
    "format": _("giá trị “%(value)s” không đúng dạng %(format)s"),
    "minLength": _("không được để trống"),
    "minItems": _("cần ít nhất %(limit)s dòng"),
    "maxItems": _("nhiều nhất %(limit)s dòng"),
    "minimum": _("giá trị phải từ %(limit)s trở lên"),
    "maximum": _("giá trị không được quá %(limit)s"),
    "exclusiveMinimum": _("giá trị phải lớn hơn %(limit)s"),
    "uniqueItems": _("có giá trị lặp lại"),
    "minProperties": _("điều kiện cần đúng một trong các khóa is, in, filled, check"),
    "maxProperties": _("điều kiện cần đúng một trong các khóa is, in, filled, check"),
}
_UNKNOWN = _("khóa “%(key)s” không có trong khuôn mẫu")
_PERHAPS = _("khóa “%(key)s” không có trong khuôn mẫu, có phải “%(near)s”?")
_OTHER = _("không hợp lệ: %(message)s")


def sentence(error: Any) -> str:
    """Say a JSON Schema error in Vietnamese."""
    facts = {"value": error.instance, **error.kind.as_dict(), "message": error.message}
    if "types" in facts:
        facts["types"] = ", ".join(facts["types"])
    if "options" in facts:
        facts["options"] = ", ".join(map(str, facts["options"]))
    return str(MESSAGES.get(error.kind.name, _OTHER)) % facts


def strange_key(key: str, known: Iterable[str]) -> str:
    """Say that a key is unknown, with the nearest known one."""
    near = difflib.get_close_matches(key, list(known), n=1)
    return str(_PERHAPS) % {"key": key, "near": near[0]} if near else str(_UNKNOWN) % {"key": key}
