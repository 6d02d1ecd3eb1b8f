"""What the tests of the whole house share with those beside the code."""

from motcua.conftest import both, enrol, holder, log_in, national, work

__all__ = ["both", "enrol", "holder", "log_in", "national", "work"]
