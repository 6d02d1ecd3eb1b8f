"""Every write of agencies, their officers and their working time."""

from motcua.domain.agencies.commands.banking import set_bank_account
from motcua.domain.agencies.commands.founding import dissolve, found, rename
from motcua.domain.agencies.commands.staffing import appoint, end_appointment, engage, enrol
from motcua.domain.agencies.commands.timing import close_day, open_day, restore_day, set_hours

__all__ = [
    "appoint",
    "close_day",
    "dissolve",
    "end_appointment",
    "engage",
    "enrol",
    "found",
    "open_day",
    "rename",
    "restore_day",
    "set_bank_account",
    "set_hours",
]
