"""A small library of procedures for tests: one package, written out and changed line by line."""

from pathlib import Path
from typing import Any

from motcua.domain.procedures import package, rules

PROCEDURE = """\
code = "9.000001"
code_mark = "S"
title = "Đăng ký nuôi mèo"
title_en = "Cat registration"
area = "Thú cưng"
area_en = "Pets"
summary = "Đăng ký một con mèo."
summary_en = "Register a cat."
online = "full"
assurance = 1
minutes = 3
channels = ["direct", "online"]
applicants = ["citizen"]
pausing = "pause"
in_force_from = 2025-01-01
synonyms = ["nuôi mèo", "mèo mun"]

[assurance_law]
law = "cats"
mark = "K"
in_force_from = 2025-01-01

[agency]
receives = "commune"
resolves = "commune"
place = "home"

[applicant]
number = "number"
name = "name"

[result]
name = "Thẻ mèo"
name_en = "Cat card"
kind = "card"
electronic = true
on_paper = false

[[basis]]
key = "cats"
title = "Luật Mèo"
title_en = "Law on Cats"
mark = "S"
in_force_from = 2025-01-01

[[deadline]]
amount = 2
unit = "working_day"
law = "cats"
at = "5.2"
mark = "S"
in_force_from = 2025-01-01

[[fee]]
name = "Phí nuôi mèo"
name_en = "Cat fee"
kind = "phí"
amounts = { direct = 5000, online = 3000 }
law = "cats"
mark = "S"
in_force_from = 2025-01-01
in_force_to = 2025-12-31

[[fee]]
name = "Phí nuôi mèo"
name_en = "Cat fee"
kind = "phí"
amounts = { direct = 9000, online = 7000 }
times = "tails"
law = "cats"
mark = "?"
in_force_from = 2026-01-01

[[fee.exempt]]
reason = "Mèo già"
reason_en = "Old cat"
when = { field = "born_on", check = "within_days", days = 3650, holds = false }

[[need]]
text = "Một con mèo"
text_en = "A cat"
"""

FORM = """\
[[page]]
key = "who"
title = "Bạn"
title_en = "You"

[[page]]
key = "cat"
title = "Con mèo"
title_en = "The cat"

[[page]]
key = "wild"
title = "Mèo hoang"
title_en = "A stray"
shown_if = { field = "kind", is = "stray" }

[[page]]
key = "more"
title = "Thêm"
title_en = "More"

[[field]]
name = "number"
page = "who"
label = "Số định danh"
label_en = "Personal number"
kind = "citizen_number"
fill_from = "person.number"

[[field]]
name = "name"
page = "who"
label = "Họ và tên"
label_en = "Full name"
kind = "full_name"
fill_from = "person.name"

[[field]]
name = "home"
page = "who"
label = "Nơi ở"
label_en = "Home"
kind = "address"

[[field]]
name = "kind"
page = "cat"
label = "Loại mèo"
label_en = "Kind of cat"
kind = "choice"

[[field.choice]]
key = "house"
label = "Mèo nhà"
label_en = "House cat"

[[field.choice]]
key = "stray"
label = "Mèo hoang"
label_en = "Stray"

[[field]]
name = "tails"
page = "cat"
label = "Số đuôi"
label_en = "Number of tails"
kind = "number"
least = 1
most = 9
default = 1

[[field]]
name = "born_on"
page = "cat"
label = "Ngày sinh của mèo"
label_en = "Birth date of the cat"
kind = "partial_date"
check = "in_past"

[[field]]
name = "found_at"
page = "wild"
label = "Nơi bắt gặp"
label_en = "Where it was found"
kind = "text"

[[field]]
name = "vaccinated"
page = "wild"
label = "Đã tiêm phòng?"
label_en = "Vaccinated?"
kind = "yes_no"

[[field]]
name = "kittens"
page = "more"
label = "Mèo con"
label_en = "Kittens"
kind = "repeat"
required = false
most = 3
check = { rule = "distinct", column = "name" }

[[field.column]]
name = "name"
label = "Tên mèo con"
label_en = "Name of the kitten"
kind = "text"

[[field.column]]
name = "kitten_born_on"
label = "Ngày sinh mèo con"
label_en = "Birth date of the kitten"
kind = "date"
check = { rule = "not_before", field = "born_on" }

[[field]]
name = "vet"
page = "more"
label = "Bác sĩ thú y"
label_en = "Vet"
kind = "person"
required = false
shown_if = { field = "vaccinated", is = true }
"""

PAPERS = """\
[[paper]]
key = "photo"
title = "Ảnh mèo"
title_en = "Photograph of the cat"
copy = "original"
law = "cats"
mark = "S"

[[paper]]
key = "statement"
title = "Lời kể"
title_en = "Statement"
copy = "copy"
when = [{ field = "kind", in = ["stray"] }, { field = "vaccinated", filled = true }]
law = "cats"
mark = "S"
"""

STEPS = """\
[[step]]
key = "look"
title = "Xem mèo"
title_en = "Look at the cat"
role = "officer"
hours = 4
next = "catch"

[[step]]
key = "catch"
title = "Bắt mèo"
title_en = "Catch the cat"
role = "officer"
hours = 4
next = "sign"
when = { field = "kind", is = "stray" }

[[step]]
key = "sign"
title = "Ký"
title_en = "Sign"
role = "leader"
hours = 4
next = "settle"
"""

FILES = {
    "procedure.toml": PROCEDURE,
    "form.toml": FORM,
    "papers.toml": PAPERS,
    "steps.toml": STEPS,
    "result.typ": '#import "/layout.typ": *\n',
}

ANSWERS: dict[str, Any] = {
    "number": "080190000123",
    "name": "Trần Thị Ánh",
    "home": {"province": "80", "commune": "27694", "detail": "Số 1"},
    "kind": "house",
    "tails": 1,
    "born_on": "2024",
}


def write(folder: Path, **changes: tuple[str, str]) -> Path:
    """Write the package; `form=("old", "new")` changes one place of form.toml."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        old, new = changes.get(name.partition(".")[0], ("", ""))
        assert old in text, old
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def line_of(part: str, text: str) -> int:
    """Count the line on which a text stands in a file of the package."""
    return FILES[part][: FILES[part].index(text)].count("\n") + 1


def spec_of(folder: Path, **changes: tuple[str, str]) -> rules.Definition:
    """Read the package and build its definition."""
    return rules.definition(package.read(write(folder, **changes)))


def enveloped(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Put bare answers into the shape in which a dossier keeps them."""
    return {name: {"value": value, "source": "typed", "at": ""} for name, value in values.items()}
