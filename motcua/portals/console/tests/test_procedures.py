"""Published versions, publishing from the library and as zip."""

import io
from datetime import date
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from motcua.base.actor import SYSTEM, Role
from motcua.domain.agencies.tests.conftest import NOW
from motcua.domain.procedures import commands, package, queries

TODAY = date(2026, 11, 23)


def address(name, *args, **query):
    return reverse(f"console:{name}", args=args, query=query)


@pytest.fixture
def library(settings, tmp_path):
    """Copy what packages share and the first package, so that a test may scribble in it."""
    root = tmp_path / "procedures"
    first = package.folders()[0]
    for path in sorted(settings.PROCEDURES.rglob("*")):
        inside = path.relative_to(settings.PROCEDURES)
        shared = path.parent == settings.PROCEDURES or inside.parts[0] in {"schema", first.name}
        if path.is_file() and shared:
            (root / inside).parent.mkdir(parents=True, exist_ok=True)
            (root / inside).write_bytes(path.read_bytes())
    settings.PROCEDURES = root
    return root / first.name


@pytest.fixture
def version(library, db):
    return commands.publish(definition=package.read(library), by=SYSTEM, at=NOW)


def scribble(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def zipped(folder, **more):
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"goi/{path.name}")
        for name, text in more.items():
            archive.writestr(name.replace("_", "."), text)
    return io.BytesIO(out.getvalue())


def send(client, content):
    content.name = "goi.zip"
    return client.post(address("upload"), {"package": content})


def test_every_version_is_listed_with_its_days(auditor, version):
    text = auditor.get(address("procedures")).text
    assert version.title in text
    assert "đang áp dụng" in text


def test_nothing_published_says_so(auditor):
    assert "Chưa ban hành thủ tục nào" in auditor.get(address("procedures")).text


@pytest.mark.parametrize("number", range(3))
def test_every_package_can_be_read_as_a_page(auditor, number):
    made = commands.publish(definition=package.read(package.folders()[number]), by=SYSTEM, at=NOW)
    answer = auditor.get(address("version", made.code, made.number))
    assert answer.status_code == 200
    for words in (made.title, made.sha256, "Các bước giải quyết", "Thành phần hồ sơ", "Biểu mẫu"):
        assert words in answer.text, words
    assert "đối chiếu" in answer.text


def test_a_version_that_is_not_there_is_not_found(auditor, version):
    assert auditor.get(address("version", version.code, 9)).status_code == 404
    assert auditor.get(address("version", "9.999999", 1)).status_code == 404


def test_a_version_costs_few_queries(auditor, version, django_assert_max_num_queries):
    auditor.get(address("version", version.code, 1))
    with django_assert_max_num_queries(5):
        auditor.get(address("version", version.code, 1))


def test_publishing_is_for_the_province_s_administrator(sit, auditor, commune, library):
    assert auditor.get(address("publish")).status_code == 403
    local = sit(commune, Role.ADMINISTRATOR)
    assert local.get(address("publish")).status_code == 409
    assert local.post(address("publish"), {"folder": library.name}).status_code == 409
    assert send(local, zipped(library)).status_code == 409
    assert queries.published() == []


def test_the_library_is_compared_and_published(admin, library):
    assert "Chưa ban hành lần nào" in admin.get(address("publish")).text
    assert admin.post(address("publish"), {"folder": library.name}).status_code == 302
    assert "Giống phiên bản 1" in admin.get(address("publish")).text
    scribble(library, "procedure.toml", "minutes = 5", "minutes = 6")
    assert "Khác phiên bản 1" in admin.get(address("publish")).text
    assert admin.post(address("publish"), {"folder": library.name}).status_code == 302
    assert [one.number for one in queries.published()] == [2, 1]


def test_a_faulty_package_is_shown_with_file_and_line(admin, library):
    scribble(library, "procedure.toml", "minutes =", "minuten =")
    text = admin.get(address("publish")).text
    assert "Gói có lỗi" in text
    assert "minuten" in text
    assert admin.post(address("publish"), {"folder": library.name}).status_code == 409


@pytest.mark.parametrize("folder", ["", "..", "../x", "/etc", "schema"])
def test_only_packages_of_the_library_are_published(admin, library, folder):
    answer = admin.post(address("publish"), {"folder": folder})
    assert answer.status_code == 409
    assert "Thư viện không có gói này" in answer.text


def test_a_package_travels_as_zip(admin, auditor, version, library):
    answer = auditor.get(address("packed", version.code, version.number))
    assert answer["Content-Type"] == "application/zip"
    content = io.BytesIO(answer.content)
    scribble(library, "procedure.toml", "minutes = 5", "minutes = 6")
    assert auditor.get(address("packed", version.code, version.number)).status_code == 409
    admin.post(address("publish"), {"folder": library.name})
    assert send(admin, content).status_code == 302
    assert [one.sha256 == version.sha256 for one in queries.versions(version.code)] == [True, False, True]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: io.BytesIO(b"no zip at all"), "không phải tệp nén zip"),
        (lambda folder: zipped(folder, README_md="x"), "tệp lạ: README.md"),
        (lambda folder: zipped(folder, **{"../../form_toml": "x" * 2_000_000}), "quá lớn"),
        (lambda folder: zipped(folder, form_toml="x ="), "form.toml"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_wrong_zip_is_refused_in_words(admin, library, make, said):
    answer = send(admin, make(library))
    assert answer.status_code == 422
    assert said in answer.text
    assert queries.published() == []


def test_the_command_publishes_all_or_says_where_the_fault_is(library, db, capsys):
    call_command("publish_procedures")
    assert "v1" in capsys.readouterr().out
    scribble(library, "form.toml", "kind =", "kint =")
    with pytest.raises(CommandError, match=r"form\.toml:\d+"):
        call_command("publish_procedures")
