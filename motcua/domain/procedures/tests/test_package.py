"""Reading packages: every slip of the pen is named by file and line."""

import re
from pathlib import Path

import pytest

from motcua.domain.procedures import package
from motcua.domain.procedures.package.lines import Lines
from motcua.domain.procedures.rules.checks import CHECKS
from motcua.domain.procedures.rules.kinds import KINDS
from motcua.domain.procedures.tests.library import line_of, write


def faults(folder: Path) -> list[str]:
    with pytest.raises(package.Faulty) as caught:
        package.read(folder)
    return [str(fault) for fault in caught.value.faults]


def test_a_good_package_is_plain_json_with_its_search_words(tmp_path):
    read = package.read(write(tmp_path / "cats"))
    assert read["procedure"]["in_force_from"] == "2025-01-01"
    assert read["result"].startswith("#import")
    assert read["search"][:2] == ["nuôi mèo", "mèo mun"]
    assert "đk" in read["search"], "the library's synonyms of đăng ký"
    assert "synonyms" not in read["procedure"]


@pytest.mark.parametrize(
    ("part", "change", "at", "says"),
    [
        ("form", ('label = "Số đuôi"', 'labl = "Số đuôi"'), 'label = "Số đuôi"', "có phải “label”?"),
        (
            "form",
            ('label_en = "Number of tails"\n', ""),
            '[[field]]\nname = "tails"',
            "thiếu khóa “label_en”",
        ),
        ("form", ("most = 9", 'most = "9"'), "most = 9", "sai kiểu: cần integer"),
        (
            "form",
            ('kind = "number"', 'kind = "numbre"'),
            'kind = "number"',
            "“numbre” không có trong danh sách",
        ),
        ("form", ('is = "stray"', 'is = "wild"'), 'shown_if = { field = "kind"', "không có lựa chọn “wild”"),
        ("form", ('check = "in_past"', 'check = "in_pats"'), 'check = "in_past"', "không đúng dạng"),
        ("form", ('"not_before", field = "born_on"', '"not_before"'), '"not_before"', "cần “field”"),
        (
            "form",
            ('"not_before", field = "born_on"', '"not_before", field = "x"'),
            '"not_before"',
            "mục “x” không có",
        ),
        (
            "form",
            ('fill_from = "person.name"', 'fill_from = "person.nam"'),
            'fill_from = "person.name"',
            "CSDL dân cư",
        ),
        ("form", ("default = 1", "default = 12"), "default = 1", "không hợp với kiểu “number”"),
        (
            "form",
            ('kind = "yes_no"', 'kind = "choice"'),
            '[[field]]\nname = "vaccinated"',
            "kiểu “choice” cần “choice”",
        ),
        ("form", ('page = "wild"', 'page = "wlid"'), 'page = "wild"', "không có trang “wlid”"),
        ("form", ('name = "vaccinated"', 'name = "tails"'), 'name = "vaccinated"', "“tails” đã có ở trên"),
        (
            "form",
            ('"kind", is = "stray"', '"vet", filled = true'),
            'shown_if = { field = "kind"',
            "trang trước",
        ),
        ("procedure", ('law = "cats"', 'law = "dogs"'), 'law = "cats"', "[[basis]] không có “dogs”"),
        ("procedure", ('name = "name"\n', 'name = "kind"\n'), 'name = "name"\n', "kiểu “full_name”"),
        (
            "procedure",
            ("direct = 5000", "post = 1, direct = 5000"),
            "amounts = { direct = 5000",
            "kênh “post”",
        ),
        ("procedure", ('times = "tails"', 'times = "kind"'), 'times = "tails"', "kiểu “number”"),
        (
            "procedure",
            ("in_force_to = 2025-12-31", "in_force_to = 2024-12-31"),
            "in_force_to",
            "hết hiệu lực trước",
        ),
        ("procedure", ('place = "home"', 'place = "name"'), 'place = "home"', "kiểu “address”"),
        ("procedure", ("summary = ", "summary == "), "summary = ", "không phải TOML"),
        (
            "papers",
            ('in = ["stray"]', 'in = ["tiger"]'),
            'when = [{ field = "kind"',
            "không có lựa chọn “tiger”",
        ),
        (
            "papers",
            ("filled = true", "field2 = true"),
            'when = [{ field = "kind"',
            "“field2” không có trong khuôn mẫu",
        ),
        ("steps", ('next = "sign"', 'next = "look"'), 'next = "sign"', "một bước phía sau"),
        ("steps", ('role = "leader"', 'role = "clerk"'), '[[step]]\nkey = "sign"', "lãnh đạo"),
        (
            "steps",
            ("hours = 4", "hours = 14"),
            '[[step]]\nkey = "look"',
            "22 giờ của các bước quá thời hạn luật định 16 giờ",
        ),
    ],
)
def test_a_mistake_is_named_by_file_and_line(tmp_path, part, change, at, says):
    found = faults(write(tmp_path / "cats", **{part: change}))
    where = f"{part}.toml:{line_of(f'{part}.toml', at)}:"
    assert any(fault.startswith(where) and says in fault for fault in found), found


def test_every_mistake_is_told_at_once(tmp_path):
    folder = write(tmp_path / "cats", form=("most = 9", "mots = 9"), steps=("hours = 4", "hour = 4"))
    assert {fault.partition(":")[0] for fault in faults(folder)} == {"form.toml", "steps.toml"}


def test_a_missing_file_and_a_wrong_encoding_are_told(tmp_path):
    folder = write(tmp_path / "cats")
    (folder / "papers.toml").unlink()
    (folder / "result.typ").unlink()
    (folder / "steps.toml").write_bytes("title = 'Ký'".encode("utf-16"))
    assert [fault.partition(":")[0] for fault in faults(folder)] == [
        "papers.toml",
        "result.typ",
        "steps.toml",
    ]


def test_a_page_with_too_many_questions_is_refused(tmp_path):
    field = '[[field]]\nname = "n{}"\npage = "who"\nlabel = "A"\nlabel_en = "A"\nkind = "text"\n'
    folder = write(tmp_path / "cats")
    with (folder / "form.toml").open("a", encoding="utf-8") as form:
        form.write("".join(field.format(number) for number in range(9)))
    assert any("form.toml:1: trang này có 12 mục" in fault for fault in faults(folder))


def test_what_the_state_knows_is_not_asked(tmp_path):
    folder = write(tmp_path / "cats", form=('fill_from = "person.number"\n', ""))
    assert any("phải có fill_from" in fault for fault in faults(folder))


def test_a_day_without_a_time_limit_is_refused(tmp_path):
    folder = write(
        tmp_path / "cats",
        procedure=('unit = "working_day"', 'unit = "working_day"\nin_force_to = 2030-01-01'),
    )
    assert any("thời hạn không kèm điều kiện" in fault for fault in faults(folder))


def test_the_editors_schema_knows_the_same_kinds_and_rules_as_the_code(settings):
    form = (settings.PROCEDURES / "schema/form.schema.json").read_text()
    common = (settings.PROCEDURES / "schema/common.schema.json").read_text()
    assert all(f'"{kind}"' in form for kind in KINDS)
    listed = re.search(r'"pattern": "\^\((is_adult[a-z_|]+)\)\$"', common)
    assert listed and set(listed[1].split("|")) == set(CHECKS)


def test_lines_survive_long_values_and_comments():
    text = (
        '# [[no]]\na = """\n[table]\nb = 1\n"""\nc = [ # ]\n  "]", # x\n  2,\n]\n'
        "[t.u]\nd.e = 1\n[[f]]\n[[f.g]]\nh = 1\n[[f]]\n[[f.g]]\n[[f.g]]\nh = '''x\ny'''\nlast = 1\n"
    )
    lines = Lines(text)
    assert lines.of(("a",)) == 2
    assert lines.of(("c", 1)) == 6
    assert lines.of(("t", "u", "d", "e")) == 11
    assert lines.of(("f", 0, "g", 0, "h")) == 14
    assert lines.of(("f", 1, "g", 1)) == 17
    assert lines.of(("f", 1, "g", 1, "h")) == 18
    assert lines.of(("f", 1, "g", 1, "last")) == 20
    assert lines.of(("f", 1, "g", 1, "missing")) == 17
    assert lines.of(("nowhere",)) == 1


def test_the_library_of_this_repository_is_read_without_a_fault():
    assert {folder.name for folder in package.folders()} >= {
        "1.001193-birth-registration",
        "1.002820-driving-licence-reissue",
        "1.004222-permanent-residence",
    }
    assert all(package.read(folder) and package.example(folder) for folder in package.folders())
