import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from motcua.base.models import FileState
from motcua.base.scanning import EICAR, Verdict, scan
from motcua.base.tests.samples import document, infected_picture, picture, saved, scripted_document


@pytest.fixture
def place(tmp_path):
    return tmp_path / "x"


def look(place: Path, content: bytes, kind: str = "application/pdf") -> Verdict:
    place.write_bytes(content)
    return scan(place, kind)


def test_an_ordinary_picture_and_an_ordinary_pdf_are_clean(place):
    assert look(place, picture(), "image/jpeg") == Verdict(FileState.CLEAN)
    assert look(place, document(3)) == Verdict(FileState.CLEAN)


def test_the_test_virus_is_found_in_a_picture(place):
    assert look(place, infected_picture(), "image/jpeg") == Verdict(FileState.INFECTED, "EICAR test file")


def test_a_script_that_runs_when_the_pdf_opens_is_found(place):
    assert look(place, scripted_document()).state == FileState.INFECTED
    assert "JavaScript" in look(place, scripted_document()).found


def test_a_script_hidden_in_compressed_objects_is_found(place):
    with pikepdf.new() as paper:
        paper.add_blank_page()
        action = paper.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x")))
        paper.pages[0].obj.AA = pikepdf.Dictionary(O=action)
        content = saved(paper, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"/JavaScript" not in content
    assert look(place, content).state == FileState.INFECTED


def test_a_pdf_that_starts_a_program_is_found(place):
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
        assert look(place, saved(paper)).found == "PDF with Launch"


def test_a_pdf_that_carries_another_file_is_found(place):
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.attachments["x.exe"] = b"MZ"
        assert look(place, saved(paper)).found == "PDF with embedded file"


def test_links_and_forms_without_scripts_are_clean(place):
    with pikepdf.new() as paper:
        paper.add_blank_page()
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.vn/"))
        paper.Root.OpenAction = link
        paper.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]))
        assert look(place, saved(paper)).state == FileState.CLEAN


# ---- clamd, on the other end of a real socket ---------------------------------------------------------


def take(line: socket.socket) -> bytes:
    """Read one INSTREAM command the way clamd does."""
    reader = line.makefile("rb")
    assert reader.read(10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack("!I", reader.read(4))[0]:
        content += reader.read(size)
    return content


@contextlib.contextmanager
def clamd(address: Path, reply: bytes | None) -> Iterator[list[bytes]]:
    """Answer one scan with a fixed reply; None hangs up without a word."""
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(address))
        door.listen(1)

        def serve() -> None:
            line, _peer = door.accept()
            with line:
                heard.append(take(line))
                if reply is not None:
                    line.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield heard
        thread.join()


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (b"stream: OK\0", Verdict(FileState.CLEAN)),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Verdict(FileState.INFECTED, "Win.Test.EICAR_HDB-1")),
        (
            b"INSTREAM size limit exceeded. ERROR\0",
            Verdict(FileState.UNSCANNED, "clamd: INSTREAM size limit exceeded. ERROR"),
        ),
        (None, Verdict(FileState.UNSCANNED, "clamd: ")),
    ],
)
def test_only_a_plain_ok_of_clamd_is_clean(reply, verdict, place, settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "clamd")
    content = picture(size=(1500, 1200))
    with clamd(tmp_path / "clamd", reply) as heard:
        assert look(place, content, "image/jpeg") == verdict
    assert heard == [content]


@pytest.mark.enable_socket
def test_a_dead_clamd_leaves_the_file_unscanned(place, settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody")
    assert look(place, picture(), "image/jpeg") == Verdict(FileState.UNSCANNED, "clamd: FileNotFoundError")


def test_this_source_file_is_not_infected_itself():
    assert EICAR not in Path(__file__).read_bytes()
    assert len(EICAR) == 68
