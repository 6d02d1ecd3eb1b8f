import pytest

from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.models import FileState
from motcua.base.tests.samples import document
from motcua.domain.papers import commands, queries
from motcua.domain.papers.models import Paper
from motcua.domain.papers.tests.conftest import HOA, LAN, MINH
from motcua.domain.papers.tests.samples import AT

pytestmark = pytest.mark.django_db


def scanned(paper: Paper, state: FileState) -> Paper:
    if state == FileState.PENDING:
        return paper
    return commands.note_scan(paper=paper, state=state, found="", by=SYSTEM, at=AT)


@pytest.mark.parametrize(
    ("state", "lan", "minh", "hoa"),
    [
        (FileState.PENDING, True, False, False),
        (FileState.UNSCANNED, True, False, False),
        (FileState.CLEAN, True, True, True),
        (FileState.INFECTED, False, False, False),
    ],
)
def test_who_can_open_a_paper_that_lan_brought(state, lan, minh, hoa, attach):
    paper = scanned(attach(by=LAN), state)
    assert [queries.readable(paper, actor) for actor in (LAN, MINH, HOA)] == [lan, minh, hoa]


def test_an_officer_waits_for_the_scan_of_the_own_file_too(attach):
    assert not queries.readable(attach(by=HOA), HOA)


def test_a_file_that_stays_shut_is_refused_in_words(attach):
    with pytest.raises(Refused, match="đang được kiểm tra an toàn"):
        queries.opened(attach(), HOA)


def test_a_paper_is_found_inside_its_own_dossier_only(attach):
    paper = attach()
    assert queries.get("dossier:1", paper.pk) == paper
    with pytest.raises(Paper.DoesNotExist):
        queries.get("dossier:2", paper.pk)
    commands.remove(paper=paper, by=LAN, at=AT)
    with pytest.raises(Paper.DoesNotExist):
        queries.get("dossier:1", paper.pk)


def test_papers_are_listed_with_their_files_in_one_query(attach, django_assert_num_queries):
    for pages in (1, 2, 3):
        attach(document(pages), kind=f"paper_{pages}")
    with django_assert_num_queries(1):
        assert [(paper.kind, paper.file.kind, paper.is_picture) for paper in queries.of("dossier:1")] == [
            (f"paper_{pages}", "application/pdf", False) for pages in (1, 2, 3)
        ]


def test_an_infected_paper_counts_as_missing(attach):
    needed = ["photo", "residence_proof", "consent"]
    paper = attach(kind="residence_proof")
    assert queries.missing("dossier:1", needed) == ["photo", "consent"]
    scanned(paper, FileState.INFECTED)
    assert queries.missing("dossier:1", needed) == needed


def test_the_state_of_a_file_has_a_name_for_people(attach):
    assert attach().state_name == "Đang kiểm tra an toàn"
