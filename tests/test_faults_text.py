"""Hostile and broken text: shown as typed, never obeyed; repaired when certain, else asked for again."""

import re
import unicodedata
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from motcua.base import files
from motcua.base.actor import Role
from motcua.base.tests.test_encodings import in_tcvn3, in_vni, misread
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.rules import Action, State
from motcua.domain.papers import queries as papers
from motcua.domain.papers.tests import reading
from tests.roads import BIRTH, MORNING, Road, example, fill, forward_to_leader, upload

pytestmark = pytest.mark.django_db
NEXT = MORNING + timedelta(hours=1)
HTML = """"><x-evil onfocus=alert(1)>'</title></textarea><script>alert(1)</script>&lt;&#39;"""
#: Django's templates, Python's formats, SQL, Typst
CODE = (
    """{{ 7|add:7 }} {% now "Y" %} %s %(name)s {0} '; DROP TABLE x; -- #read("/etc/passwd") $x$ *b* @a <l>"""
)
NAME = f"Lê {HTML}"


class Elements(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.words += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def look(browser: Client, path: str, *shown: str) -> None:
    """Open a page: nothing typed has become part of it, and what was typed is there to be read."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    page = Elements(answer.content.decode())
    assert "x-evil" not in page.tags, path
    assert not {name for name in page.attributes if name.startswith("on")}, path
    assert b"<script>alert" not in answer.content, path
    text = " ".join(page.words)
    for words in shown:
        assert words in text, f"{path} does not show {words}"


@pytest.fixture
def hostile(road: Any) -> Road:
    """Walk a dossier whose every free text is hostile to the leader's desk."""
    walked = road(State.DRAFT)
    known = example(BIRTH)["person"]
    record = {"name": NAME, "born_on": known["born_on"], "gender": known["gender"]}
    draft = commands.prefill(dossier=walked.dossier, record=record, by=walked.citizen, at=MORNING)
    said = {"facility_name": HTML, "child_home_town": CODE, "certificate_number": "%s'\"<x-evil>"}
    fill(draft, said, by=walked.citizen, at=MORNING)
    commands.bring(
        dossier=draft, kind="birth_note", upload=upload(f"{HTML}.jpg"), by=walked.citizen, at=MORNING
    )
    commands.submit(dossier=draft, by=walked.citizen, at=MORNING)
    commands.receive(dossier=draft, note=CODE, by=walked.clerk, at=NEXT)
    commands.act(action=Action.PROCESS, dossier=draft, by=walked.officer, at=NEXT)
    items = [{"kind": "other", "name": "other", "title": HTML, "why": CODE}]
    until = date(2026, 12, 20)
    asked = {"items": items, "reason": f"{HTML}\n{CODE}", "until": until}
    commands.ask_more(dossier=draft, **asked, by=walked.officer, at=NEXT)
    return walked


def test_hostile_text_is_shown_and_never_obeyed(hostile, log_in, officer, place) -> None:
    walked, code = hostile, hostile.dossier.code or hostile.again().code
    citizen, clerk = log_in(Client(), walked.citizen), log_in(Client(), walked.clerk)
    office, leader = log_in(Client(), walked.officer), log_in(Client(), walked.leader)
    look(citizen, f"/ho-so/{code}/", HTML, CODE)
    look(citizen, f"/ho-so/{code}/bo-sung/", HTML, CODE)
    look(citizen, "/ho-so/")
    look(clerk, f"/mot-cua/{code}/", HTML, CODE, NAME)
    look(office, f"/xu-ly/{code}/", HTML, CODE, NAME)
    look(office, "/xu-ly/", NAME)
    commands.supplement(dossier=walked.again(), values={}, by=walked.citizen, at=NEXT)
    forward_to_leader(walked, at=NEXT)
    look(leader, "/xu-ly/phe-duyet/", NAME)
    look(office, f"/xu-ly/{code}/phan-cong/")
    look(leader, f"/xu-ly/{code}/lam/send_back/")
    commands.settle(dossier=walked.again(), note=CODE, by=walked.leader, at=NEXT)
    look(clerk, "/mot-cua/", NAME)
    look(clerk, f"/mot-cua/tim/?ma={code}"[:-1])
    officer(Role.OFFICER, name=NAME)
    console = log_in(Client(), officer(Role.ADMINISTRATOR, place.root))
    look(console, "/quan-tri/can-bo/", NAME)
    look(console, f"/quan-tri/co-quan/{place.commune.pk}/", NAME)
    for path in ("/thu-tuc/?q=", "/mot-cua/tim/?ma=", "/xu-ly/?tim="):
        browser = {"m": clerk, "x": office}.get(path[1], citizen)
        look(browser, path + "%22%3E%3Cx-evil%20onfocus%3Dalert(1)%3E")


def test_hostile_text_is_printed_and_never_obeyed(hostile) -> None:
    commands.supplement(dossier=hostile.again(), values={}, by=hostile.citizen, at=NEXT)
    forward_to_leader(hostile, at=NEXT)
    commands.settle(dossier=hostile.again(), by=hostile.leader, at=NEXT)
    issued = [p for p in papers.of(hostile.dossier.subject) if p.origin in ("slip", "result")]
    texts = {p.kind: squeezed(reading.text(files.path(p.file).read_bytes())) for p in issued}
    assert squeezed(NAME) in texts["01-receipt"]
    assert squeezed(HTML) in texts["02-supplement"]
    assert squeezed(CODE) in texts["02-supplement"]
    assert squeezed(HTML) in texts["result"]
    assert squeezed(CODE) in texts["result"]
    assert "root:x:0" not in "".join(texts.values())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def saved(road: Any, log_in: Any, page: str, **typed: str) -> tuple[int, str, Dossier]:
    """Send one page of the form as a browser does; give the answer and the draft after it."""
    walked = road(State.DRAFT)
    answer = log_in(Client(), walked.citizen).post(f"/ho-so/nhap/{walked.dossier.key}/{page}/", typed)
    return answer.status_code, answer.content.decode(), walked.again()


GOOD = "Bệnh viện Đa khoa Long An"
FACILITY = {"certificate_on_day": "7", "certificate_on_month": "11", "certificate_on_year": "2026"}


@pytest.mark.parametrize(
    "spoilt",
    [unicodedata.normalize("NFD", GOOD), in_tcvn3(GOOD), in_vni(GOOD), misread(GOOD)],
    ids=["nfd", "tcvn3", "vni", "misread"],
)
def test_vietnamese_of_old_keyboards_arrives_as_unicode(road, log_in, spoilt) -> None:
    typed = {**FACILITY, "facility_name": spoilt, "certificate_number": "7"}
    status, _page, draft = saved(road, log_in, "facility", **typed)
    assert status == 302
    assert draft.values["facility_name"].lower() == GOOD.lower()


def test_what_cannot_be_repaired_is_asked_for_again_and_the_rest_is_kept(road, log_in) -> None:
    typed = {**FACILITY, "facility_name": "HÃ Ná»™i", "certificate_number": "8/2026"}
    status, page, draft = saved(road, log_in, "facility", **typed)
    assert status == 422
    assert "phông cũ (TCVN3, VNI)" in page
    assert draft.values["facility_name"] == example(BIRTH)["answers"]["facility_name"]
    assert draft.values["certificate_number"] == "8/2026"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Trạm y tế 😀 số 7", "Trạm y tế 😀 số 7"),
        ("Trạm \u202ey tế\u202c", "Trạm y tế"),
        ("Trạm\u200b y\ufeff tế\x00", "Trạm y tế"),
        ("100% 'Trạm' \"y tế\" \\ ; --", "100% 'Trạm' \"y tế\" \\ ; --"),
    ],
)
def test_signs_that_nobody_sees_are_dropped_and_all_others_stay(road, log_in, typed, kept) -> None:
    sent = {**FACILITY, "facility_name": typed, "certificate_number": "7"}
    status, _page, draft = saved(road, log_in, "facility", **sent)
    assert status == 302
    assert draft.values["facility_name"] == kept


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "Robert'); DROP TABLE x;--", "Lan %s", "Lan 😀"]
)
def test_a_name_that_is_none_is_refused_in_words(road, log_in, name) -> None:
    sent = {"child_name": name, "child_gender": "female", "child_born_on_day": "5"}
    status, page, draft = saved(road, log_in, "child", **sent)
    assert status == 422
    assert "chỉ gồm chữ cái" in page.lower()
    assert "<script>alert" not in page
    assert draft.values["child_name"] == example(BIRTH)["answers"]["child_name"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"mother_number": "080192000123", "mother_born_on_year": "1985"}, "người sinh năm 1992"),
        ({"mother_number": "080090000456", "mother_born_on_year": "1990"}, "là của nam"),
        ({"mother_number": "08019200012", "mother_born_on_year": "1992"}, "12 chữ số"),
    ],
)
def test_a_number_that_contradicts_birth_date_or_gender_is_refused_in_words(road, log_in, told, said) -> None:
    before = example(BIRTH)["answers"]["mother_number"]
    status, page, draft = saved(road, log_in, "mother", mother_name="Trần Thị Hồng Ánh", **told)
    assert status == 422, said
    assert said in page
    assert draft.values["mother_number"] == before


def test_a_file_named_as_a_path_is_kept_under_its_last_part(road, log_in) -> None:
    walked = road(State.DRAFT)
    there = f"/ho-so/nhap/{walked.dossier.key}/giay-to/"
    for name in ("../../x.jpg", "..\\..\\windows\\y.jpg", "/etc/z.jpg"):
        log_in(Client(), walked.citizen).post(there, {"paper-birth_note": upload(name), "stay": "1"})
    names = {paper.file.original_name for paper in queries.unfiled(walked.dossier)}
    assert {"x.jpg", "y.jpg", "z.jpg"} <= names
    assert not [name for name in names if "/" in name or "\\" in name]


def test_searching_by_signs_of_sql_finds_only_what_has_them(road, log_in) -> None:
    walked = road(State.PROCESSING)
    office = log_in(Client(), walked.officer)
    code = str(walked.dossier.code)
    assert code in office.get("/xu-ly/", {"tim": "hồng ánh"}).content.decode()
    for words in ("%", "_", "%' OR '1'='1", "\\"):
        assert code not in office.get("/xu-ly/", {"tim": words}).content.decode()
