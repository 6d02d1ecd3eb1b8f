"""What the tests of the whole house share, beside what they share with those beside the code."""

import io
import logging
import logging.config
from collections.abc import Iterator

import pytest

from motcua.base import logs
from motcua.conftest import both, enrol, holder, log_in, national, work

__all__ = ["both", "enrol", "holder", "log_in", "logged", "national", "work"]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Log everything, down to DEBUG, as production writes it."""
    out = io.StringIO()
    settings = logs.configuration(level="DEBUG", plain=False)
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        logging.config.DictConfigurator(settings).configure_formatter(settings["formatters"]["lines"])
    )
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers[:], root.level = [handler], logging.DEBUG
    yield out
    root.handlers[:], root.level = before
