"""What CI refuses."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SKIPPING = "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('no browser')\n"


@pytest.mark.parametrize(("ci", "workers", "code"), [("true", "1", 1), ("", "0", 0)])
def test_a_run_of_ci_that_skipped_something_fails(ci, workers, code):
    (ROOT / "var").mkdir(exist_ok=True)
    # Below the root, whose conftest.py holds the rule.
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        (Path(folder) / "test_skipping.py").write_text(SKIPPING)
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", workers, folder],
            cwd=ROOT,
            env={**os.environ, "CI": ci, "DATABASE_URL": "postgresql:///not_needed"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert "1 passed, 1 skipped" in run.stdout, run.stdout + run.stderr
    assert run.returncode == code
