import re
from pathlib import Path

from motcua.base import keys

SETTINGS = Path(__file__).resolve().parents[2] / "settings"


def test_secrets_are_made_once_and_kept(tmp_path):
    file = tmp_path / "deep/secrets.env"
    assert keys.make(file) == list(keys.NAMES)
    before = file.read_text()
    assert keys.make(file) == []
    assert file.read_text() == before
    assert keys.make(file, (*keys.NAMES, "NEW_KEY")) == ["NEW_KEY"]
    assert file.read_text().startswith(before)


def test_the_file_is_for_its_owner_alone(tmp_path):
    file = tmp_path / "secrets.env"
    file.touch(mode=0o644)
    keys.make(file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_no_two_secrets_are_the_same_and_none_is_weak(tmp_path):
    file = tmp_path / "secrets.env"
    keys.make(file)
    made = keys.read(file)
    assert tuple(made) == keys.NAMES
    assert len(set(made.values())) == len(made)
    assert not any(keys.weak(value) for value in made.values())


def test_weak_values_are_known():
    for value in ("", "short", "a" * 60, "change-me" * 8, "insecure"):
        assert keys.weak(value)


def test_a_file_is_read_as_people_write_it(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# a comment\n\n A = 1 \nB='two words'\nC=\"x=y\"\nno equals sign\n")
    assert keys.read(file) == {"A": "1", "B": "two words", "C": "x=y"}
    assert keys.read(tmp_path / "missing") == {}


def test_every_secret_that_the_settings_ask_for_is_made():
    text = "".join(path.read_text() for path in SETTINGS.glob("*.py"))
    assert set(re.findall(r'secret\("(\w+)"\)', text)) == set(keys.NAMES)
