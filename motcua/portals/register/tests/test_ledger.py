import io
import json
import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from motcua.base import jose, merkle
from motcua.base.actor import SYSTEM, Actor
from motcua.domain.population import proving, queries
from motcua.domain.population.commands import answering, sealing, subscribing
from motcua.domain.population.models import Usage
from motcua.domain.population.rules import Purpose
from motcua.portals.register import ledger

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
FILES = (ledger.ROWS, ledger.LEAVES, ledger.HEADS, ledger.KEYS)


def run(*words, **options):
    call_command(*words, **options, stdout=(said := io.StringIO()))
    return said.getvalue()


def look(number="080090999999", dossier="H80.12-20261123-0001"):
    subscriber = subscribing.subscribe(
        code="VN/GOV/80/motcua", name="Tỉnh", keys=[jose.derived_key("a key")], grants=[], by=SYSTEM, at=AT
    )
    purpose = Purpose(
        request=str(uuid.uuid4()),
        agency="H80",
        procedure="9.1",
        dossier=dossier,
        basis="Luật",
        officer_name="Trần Thị Hoa",
    )
    answering.status(subscriber=subscriber, purpose=purpose, number=number, by=Actor(name="officer:7"), at=AT)


@pytest.fixture
def folder(db, tmp_path):
    """Export seven rows under three heads and two keys."""
    for count in (3, 2, 2):
        for _time in range(count):
            look()
        sealing.sign_head(by=SYSTEM, at=AT)
        if count == 3:
            sealing.replace_key(by=SYSTEM, at=AT)
    run("export_usage_ledger", tmp_path / "ledger")
    return tmp_path / "ledger"


def problem(folder, **options):
    with pytest.raises(CommandError) as found:
        run("verify_usage_ledger", folder, **options)
    return str(found.value)


def test_what_was_exported_is_intact(folder):
    assert "7 lượt khai thác, 3 đỉnh cây" in run("verify_usage_ledger", folder)
    assert {path.name for path in folder.iterdir()} == set(FILES)
    assert b"080090999999" not in b"".join(path.read_bytes() for path in folder.iterdir())


def test_the_verifier_asks_no_database(folder, django_assert_num_queries):
    with django_assert_num_queries(0):
        run("verify_usage_ledger", folder)


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_byte_anywhere_is_found(folder, name):
    path = folder / name
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert problem(folder), place
    path.write_bytes(whole)
    run("verify_usage_ledger", folder)


@pytest.mark.parametrize("number", range(1, 8))
def test_the_first_altered_row_is_named(folder, number):
    path = folder / ledger.ROWS
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for later in range(number - 1, 7):
        rows[later] = rows[later].replace("Hoa", "Hòa")
    path.write_text("".join(rows), encoding="utf-8")
    assert f"Dòng {number} của rows.jsonl (lượt khai thác " in problem(folder)


def test_a_row_altered_together_with_its_hash_is_still_found_between_two_heads(folder):
    path = folder / ledger.ROWS
    rows = path.read_bytes().splitlines()
    rows[3] = rows[3].replace(b"Hoa", b"Lan")
    path.write_bytes(b"\n".join(rows) + b"\n")
    hashes = [ledger.merkle.leaf(row).hex() for row in rows]
    (folder / ledger.LEAVES).write_text("\n".join(hashes) + "\n")
    assert "khoảng dòng 4 đến 5" in problem(folder)


@pytest.mark.parametrize("name", [ledger.ROWS, ledger.LEAVES, ledger.HEADS])
@pytest.mark.parametrize("which", [0, -1])
def test_a_line_taken_out_is_found(folder, name, which):
    path = folder / name
    rows = path.read_bytes().splitlines(keepends=True)
    del rows[which]
    path.write_bytes(b"".join(rows))
    if (name, which) == (ledger.HEADS, 0):
        # The later heads speak for the first rows too: only who kept the first head misses it.
        run("verify_usage_ledger", folder)
    else:
        assert problem(folder)


def test_a_line_put_in_is_found(folder):
    for name in (ledger.ROWS, ledger.LEAVES, ledger.HEADS):
        path = folder / name
        whole = path.read_bytes()
        path.write_bytes(whole + whole.splitlines(keepends=True)[-1])
        assert problem(folder)
        path.write_bytes(whole)


def test_whoever_kept_a_head_finds_a_log_that_was_written_anew(folder, tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_bytes((folder / ledger.HEADS).read_bytes().splitlines(keepends=True)[0])
    run("verify_usage_ledger", folder, kept=kept)
    path = folder / ledger.HEADS
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    assert "đã được viết lại" in problem(folder, kept=kept)


def forged(folder, rows, claims=None, typ=proving.HEAD_TYPE):
    """Write a ledger anew with a key of one's own: whole in itself."""
    key = jose.new_key()
    folder.mkdir(exist_ok=True)
    leaves = [merkle.leaf(row) for row in rows]
    head = {"log": proving.LOG, "size": len(rows), "root": merkle.root_of(leaves).hex(), "iat": 1_795_000_000}
    token = jose.sign(head | (claims or {}), key, typ=typ)
    (folder / ledger.ROWS).write_bytes(b"".join(row + b"\n" for row in rows))
    (folder / ledger.LEAVES).write_text("".join(f"{leaf.hex()}\n" for leaf in leaves))
    (folder / ledger.HEADS).write_text(f"{token}\n")
    (folder / ledger.KEYS).write_text(ledger.keys_text([jose.public(key)]))
    return folder


def test_a_ledger_written_anew_with_another_key_is_found_by_whoever_kept_a_head(folder, tmp_path):
    rows = (folder / ledger.ROWS).read_bytes().splitlines()
    anew = forged(tmp_path / "anew", [row.replace(b"Hoa", b"Lan") for row in rows])
    assert "Chưa so với đỉnh cây giữ ở nơi khác" in run("verify_usage_ledger", anew)
    assert "đã được viết lại" in problem(anew, kept=folder / ledger.HEADS)


def test_an_export_of_a_later_day_goes_on_from_that_of_an_earlier_one(folder, tmp_path):
    look()
    later = tmp_path / "later"
    run("export_usage_ledger", later)
    said = run("verify_usage_ledger", later, kept=folder / ledger.HEADS)
    assert "8 lượt khai thác, 4 đỉnh cây" in said and "Chưa so" not in said
    for name in (ledger.ROWS, ledger.LEAVES, ledger.HEADS):
        assert (later / name).read_bytes().startswith((folder / name).read_bytes())
    # The other way round it may be older, or have lost its end; who wrote anything anew is not said.
    assert "có 8 dòng, heads.txt chỉ đến 7" in problem(folder, kept=later / ledger.HEADS)


def test_kept_heads_are_read_however_they_were_passed_on(folder, tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_bytes(b"\r\n" + (folder / ledger.HEADS).read_bytes().replace(b"\n", b"\r\n").strip())
    run("verify_usage_ledger", folder, kept=kept)


@pytest.mark.parametrize(
    "raw", [b"", b"\n \n", b"a.b.c\n", b"x\n", b"\xff.\xff.\xff", b"e30.e30.e30", b"a.MQ.c"]
)
def test_what_holds_no_kept_head_is_no_comparison(folder, tmp_path, raw):
    kept = tmp_path / "kept.txt"
    kept.write_bytes(raw)
    assert "kept.txt không" in problem(folder, kept=kept)
    assert "kept.txt không" in problem(proof(tmp_path), kept=kept)


@pytest.mark.parametrize(
    "claims",
    [
        {"log": "VN/GOV/80/motcua"},
        *({"size": wrong} for wrong in (0, -1, 1.0, "1", True, None, [1])),
        *({"root": wrong} for wrong in (None, 7, ["x"], {"x": 1})),
        *({"iat": wrong} for wrong in (None, "x", -1, 1 << 40, True)),
    ],
)
def test_a_head_that_says_nonsense_is_refused_in_a_sentence_though_it_is_signed(db, tmp_path, claims):
    anew = forged(tmp_path / "anew", [b"[1,2,3]"], claims)
    assert problem(anew) == "Dòng 1 của heads.txt: chữ ký không đúng."


def test_another_kind_of_token_is_no_head(db, tmp_path):
    assert "chữ ký không đúng" in problem(forged(tmp_path / "anew", [b"[]"], typ="JWT"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_end_is_not_read_to_its_end(folder, name, monkeypatch):
    monkeypatch.setattr(ledger, "LONGEST", 5000)
    run("verify_usage_ledger", folder)
    (folder / name).write_bytes(b"[" + b"1" * 9000)
    assert "quá lớn" in problem(folder)


def test_rows_that_changed_places_are_found(folder):
    for name in (ledger.ROWS, ledger.LEAVES, ledger.HEADS):
        path = folder / name
        whole = path.read_bytes()
        first, second, *rest = whole.splitlines(keepends=True)
        path.write_bytes(b"".join([second, first, *rest]))
        assert problem(folder)
        path.write_bytes(whole)


def test_the_verifier_runs_where_nothing_is_set_up(folder, pytestconfig):
    for words, code, says in (
        (["."], 0, "7 lượt khai thác"),
        (["rows.jsonl"], 1, "không phải là bằng chứng"),
    ):
        done = subprocess.run(
            [sys.executable, pytestconfig.rootpath / "manage.py", "verify_usage_ledger", *words],
            check=False,
            env={"PATH": os.environ["PATH"]},
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
        assert says in done.stdout + done.stderr


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert name in problem(folder)


@pytest.mark.parametrize("raw", [b"", b"[", b"{}", b"[1]\n", b"\xff", b'[{"x":1,"y":2}]\n'])
def test_nonsense_instead_of_keys_is_refused(folder, raw):
    (folder / ledger.KEYS).write_bytes(raw)
    assert problem(folder)


def test_an_empty_log_is_exported_and_intact(db, tmp_path):
    run("export_usage_ledger", tmp_path / "empty")
    assert "0 lượt khai thác, 0 đỉnh cây" in run("verify_usage_ledger", tmp_path / "empty")


def test_a_folder_with_something_in_it_is_left_alone(folder):
    with pytest.raises(CommandError, match="không trống"):
        run("export_usage_ledger", folder)


def proof(tmp_path, place=4):
    row = Usage.objects.order_by("pk")[place]
    file = tmp_path / "bang-chung.json"
    file.write_text(proving.written(queries.evidence(row)), encoding="utf-8")
    return file


def test_the_proof_of_one_look_up_needs_nothing_else(folder, tmp_path, django_assert_num_queries):
    for place in range(7):
        file = proof(tmp_path, place)
        with django_assert_num_queries(0):
            assert "nằm trong sổ 7 dòng" in run("verify_usage_ledger", file)
    run("verify_usage_ledger", file, kept=folder / ledger.HEADS)


def test_one_flipped_byte_of_a_proof_is_found(folder, tmp_path):
    file = proof(tmp_path)
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert problem(file), place


def test_a_proof_of_another_row_or_under_another_head_is_refused(folder, tmp_path):
    first, last = (json.loads(proof(tmp_path, place).read_text("utf-8")) for place in (0, 6))
    file = tmp_path / "khac.json"
    for name in ("row", "leaf_index", "path"):
        file.write_text(proving.written({**first, name: last[name]}), encoding="utf-8")
        assert "không nằm trong sổ" in problem(file)
    early = (folder / ledger.HEADS).read_text("ascii").splitlines()[0]
    for changes in ({"head": early}, {"tree_size": 3}, {"more": 1}, {"path": "x"}, {"key": {}}, {"row": 7}):
        file.write_text(proving.written({**first, **changes}), encoding="utf-8")
        assert problem(file)


def test_a_proof_whose_head_nobody_kept_is_told(folder, tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_bytes((folder / ledger.HEADS).read_bytes().splitlines(keepends=True)[0])
    assert "không có trong các đỉnh cây đã giữ" in problem(proof(tmp_path), kept=kept)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"1", b"{}", b"\xff", b"null", b"[" * 9000])
def test_nonsense_instead_of_a_proof_is_refused(db, tmp_path, raw):
    file = tmp_path / "x.json"
    file.write_bytes(raw)
    assert problem(file)
