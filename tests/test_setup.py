"""What `make setup` says on a machine that lacks something, and what it installs."""

import importlib.util
import re
import shutil
import tomllib
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture
def setup(tmp_path, monkeypatch):
    loader = SourceFileLoader("setup_machine", str(ROOT / ".ci/setup"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("setup_machine", loader))
    loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv/bin/python")
    return module


def test_a_python_without_venv_gets_the_line_to_type(setup, monkeypatch):
    monkeypatch.setattr(
        setup.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object()
    )
    with pytest.raises(SystemExit, match=r"thiếu mô-đun venv: chạy `apt-get install python3\.\d+-venv`"):
        setup.make_venv()
    assert not setup.VENV.exists()


def test_a_disk_without_room_is_said_before_anything_is_written(setup, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 5 * 2**20))
    with pytest.raises(SystemExit, match="Đĩa chỉ còn 5 MB"):
        setup.make_venv()
    assert not setup.VENV.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "Đĩa đã đầy",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "không khớp mã băm"),
        ("WARNING: Retrying … NewConnectionError(…) Temporary failure in name resolution", "kiểm tra mạng"),
        ("ERROR: No matching distribution found for x==1", r"hãy dùng Python 3\.11"),
        ("Segmentation fault", "Segmentation fault"),
    ],
)
def test_what_pip_says_becomes_one_sentence(setup, said, sentence):
    with pytest.raises(SystemExit, match=sentence):
        setup.explain(said)


def test_the_lock_names_every_package_by_hash_and_no_address():
    packages = re.split(r"\n(?=[A-Za-z0-9])", LOCK.strip())
    assert len(packages) > 50
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []
    assert not re.search(r"https?:|index-url|find-links|file:", LOCK)


def test_the_lock_holds_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    locked = {
        name.lower() for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[a-z,-]+\])?==", LOCK, re.MULTILINE)
    }
    assert {re.match(r"[A-Za-z0-9._-]+", line).group().lower() for line in wanted} <= locked
