"""Secrets of one installation: made once, kept in a file that only its owner reads."""

import os
import secrets
from pathlib import Path

#: every secret the settings ask for
NAMES = (
    "SECRET_KEY",
    "NATIONAL_SECRET_KEY",
    "PAIRWISE_KEY",
    "IDENTITY_CLIENT_KEY",
    "POPULATION_KEY",
    "REGISTER_KEY",
    "PAYMENT_KEY",
    "FIELD_KEYS",
    "NATIONAL_FIELD_KEYS",
)
#: shorter than this is not a secret
LENGTH = 32


def read(path: Path) -> dict[str, str]:
    """Read lines of NAME=value; empty lines and lines of # are skipped, a missing file is empty."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, PermissionError):
        return {}
    pairs = (line.strip().partition("=") for line in lines if not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, equals, value in pairs if equals}


def make(path: Path, names: tuple[str, ...] = NAMES) -> list[str]:
    """Add the secrets that the file does not have yet and give their names; the rest stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    missing = [name for name in names if name not in read(path)]
    if missing:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            os.fchmod(handle, 0o600)
            file.writelines(f"{name}={secrets.token_urlsafe(48)}\n" for name in missing)
    return missing


def weak(value: str) -> bool:
    """Tell whether a value cannot be a secret: missing, short, or the example's."""
    return len(value) < LENGTH or len(set(value)) < 10 or "change-me" in value
