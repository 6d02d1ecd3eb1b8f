"""What the tests of the whole house share with those beside the code."""

from motcua.conftest import log_in, work

__all__ = ["log_in", "work"]
