"""Publishing frozen versions, and finding them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.procedures import commands, package, queries
from motcua.domain.procedures.models import Procedure, ProcedureVersion
from motcua.domain.procedures.tests.library import write

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
TODAY = AT.date()

pytestmark = pytest.mark.django_db


def publish(folder, at=AT, **changes):
    return commands.publish(definition=package.read(write(folder, **changes)), by=SYSTEM, at=at)


# --- frozen versions ---


def test_publishing_keeps_the_definition_and_writes_one_fact(tmp_path):
    version = publish(tmp_path / "cats")
    assert (version.number, version.code, version.title) == (1, "9.000001", "Đăng ký nuôi mèo")
    assert (version.in_force_from, version.in_force_to) == (date(2025, 1, 1), None)
    assert ProcedureVersion.objects.get().spec.title.en == "Cat registration"
    (fact,) = events.history(version.procedure.subject)
    assert (fact.name, fact.data["sha256"]) == ("procedure.publish", version.sha256)


def test_the_same_content_is_not_published_twice(tmp_path):
    first = publish(tmp_path / "cats")
    assert publish(tmp_path / "cats", at=AT + timedelta(days=3)).pk == first.pk
    assert len(events.history(first.procedure.subject)) == 1


def test_new_words_for_searching_are_no_new_version(tmp_path):
    first = publish(tmp_path / "cats")
    again = publish(tmp_path / "cats", procedure=('"mèo mun"', '"miu miu"'))
    assert again.pk == first.pk
    assert [found.pk for found in queries.search("miu", on=TODAY)] == [first.pk]
    assert queries.search("mèo mun", on=TODAY)[:1] == [first], "alike enough"


def test_a_change_is_in_force_from_the_day_of_publishing_and_ends_the_old_one(tmp_path):
    first = publish(tmp_path / "cats")
    second = publish(tmp_path / "cats", steps=("hours = 4", "hours = 3"))
    first.refresh_from_db()
    assert (second.number, second.in_force_from) == (2, TODAY)
    assert first.in_force_to == TODAY - timedelta(days=1)
    assert queries.current("9.000001", on=TODAY) == second
    assert queries.current("9.000001", on=TODAY - timedelta(days=1)) == first
    assert queries.versions("9.000001") == queries.published() == [second, first]


def test_a_future_version_waits_and_one_replaced_on_its_first_day_was_never_in_force(tmp_path):
    first = publish(tmp_path / "cats")
    later = ("in_force_from = 2025-01-01\nsynonyms", "in_force_from = 2027-01-01\nsynonyms")
    second = publish(tmp_path / "cats", procedure=later)
    assert queries.current("9.000001", on=date(2026, 12, 31)) == first
    assert queries.current("9.000001", on=date(2027, 1, 1)) == second
    third = publish(tmp_path / "cats", steps=("hours = 4", "hours = 3"))
    second.refresh_from_db()
    assert second.in_force_to == date(2026, 12, 31)
    assert queries.current("9.000001", on=date(2027, 1, 1)) == third
    assert queries.current("9.000001", on=TODAY) == third


def test_a_day_before_the_first_version_has_none(tmp_path):
    publish(tmp_path / "cats")
    with pytest.raises(ProcedureVersion.DoesNotExist):
        queries.current("9.000001", on=date(2024, 12, 31))
    assert queries.search("mèo", on=date(2024, 12, 31)) == []


@pytest.mark.parametrize(
    "change",
    [{"title": "Khác"}, {"definition": {}}, {"sha256": "0" * 64}, {"in_force_from": TODAY}, {"code": "1"}],
)
def test_the_database_refuses_to_change_a_version(tmp_path, change):
    version = publish(tmp_path / "cats")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ProcedureVersion.objects.filter(pk=version.pk).update(**change)


def test_the_database_refuses_to_reopen_or_delete_a_version(tmp_path):
    version = publish(tmp_path / "cats")
    publish(tmp_path / "cats", steps=("hours = 4", "hours = 3"))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ProcedureVersion.objects.filter(pk=version.pk).update(in_force_to=date(2030, 1, 1))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ProcedureVersion.objects.filter(pk=version.pk).delete()


def test_only_the_administration_publishes(tmp_path):
    clerk = Actor(name="Lan", roles=frozenset({Role.CLERK}), officer=1)
    with pytest.raises(Refused, match="quản trị"):
        commands.publish(definition=package.read(write(tmp_path / "cats")), by=clerk, at=AT)
    assert not Procedure.objects.exists()


def test_a_library_with_one_fault_publishes_nothing(tmp_path, settings):
    for name in ("schema", "lists.toml", "synonyms.toml"):
        (tmp_path / name).symlink_to(settings.PROCEDURES / name)
    write(tmp_path / "a-cats")
    write(tmp_path / "b-cats", form=("most = 9", "mots = 9"))
    with pytest.raises(package.Faulty, match=r"form\.toml:"):
        commands.publish_all(root=tmp_path, by=SYSTEM, at=AT)
    assert not Procedure.objects.exists()


# --- searching ---


@pytest.fixture
def library(db):
    return commands.publish_all(by=SYSTEM, at=AT)


BIRTH, RESIDENCE, LICENCE = "1.001193", "1.004222", "1.002820"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("khai sinh", BIRTH),
        ("Đăng ký khai sinh", BIRTH),
        ("dang ky khai sinh", BIRTH),
        ("giấy khai sinh", BIRTH),
        ("khai sinhh", BIRTH),
        ("dang ki khai sin", BIRTH),
        ("đk ks", BIRTH),
        ("sinh con khai", BIRTH),
        ("birth", BIRTH),
        ("1.001193", BIRTH),
        ("hộ khẩu", RESIDENCE),
        ("nhap ho khau", RESIDENCE),
        ("thuong chu", RESIDENCE),
        ("chuyển nhà", RESIDENCE),
        ("ct01", RESIDENCE),
        ("bằng lái", LICENCE),
        ("mat bang lai xe", LICENCE),
        ("bang lai xee", LICENCE),
        ("gplx", LICENCE),
        ("giay phep lai", LICENCE),
        ("DRIVING LICENCE", LICENCE),
    ],
)
def test_people_find_a_procedure_by_their_own_words(library, words, code):
    found = queries.search(words, on=TODAY)
    assert found and found[0].code == code


@pytest.mark.parametrize("words", ["xây nhà cao tầng", "zzzz", "100%", "_______", "\\", "';--"])
def test_strange_words_find_nothing_and_break_nothing(library, words):
    assert queries.search(words, on=TODAY) == []


def test_no_words_list_everything_in_alphabetical_order(library):
    titles = [version.title for version in queries.search("  ", on=TODAY)]
    assert titles == ["Cấp lại giấy phép lái xe", "Đăng ký khai sinh", "Đăng ký thường trú"]


def test_as_written_comes_before_without_marks_before_alike(tmp_path, settings):
    for number, title in enumerate(["Cấp bàn ghế", "Cấp bán hàng", "Xin cấp ban công", "Cấp băng rôn"], 1):
        code = ("9.000001", f"9.00000{number}")
        folder = write(tmp_path / str(number), procedure=code)
        text = (folder / "procedure.toml").read_text(encoding="utf-8")
        (folder / "procedure.toml").write_text(
            text.replace("Đăng ký nuôi mèo", title).replace('["nuôi mèo", "mèo mun"]', "[]"), encoding="utf-8"
        )
        commands.publish(definition=package.read(folder), by=SYSTEM, at=AT)
    found = [version.title for version in queries.search("cấp bán", on=TODAY)]
    assert found[0] == "Cấp bán hàng", "with its marks"
    assert set(found[1:3]) == {"Cấp bàn ghế", "Cấp băng rôn"}, "begins so without marks"
    assert found[3] == "Xin cấp ban công", "has the words"


def test_a_search_looks_for_the_words_and_only_then_for_what_is_alike(library, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(queries.search("c", on=TODAY)) == 3
    with django_assert_num_queries(5):  # words, savepoint, threshold, alike, release
        assert queries.search("khai sinh", on=TODAY)


def test_the_spec_of_a_found_version_is_not_read_from_the_table_again(library, django_assert_num_queries):
    found = queries.search("khai sinh", on=TODAY)
    assert found[0].spec.code == BIRTH
    (again, *_rest) = queries.search("khai sinh", on=TODAY)
    with django_assert_num_queries(0):
        assert again.spec is found[0].spec
