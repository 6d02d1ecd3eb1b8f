"""Everything that can be done to a dossier."""

from motcua.domain.dossiers.commands.bringing import bring, bring_instead, take_back
from motcua.domain.dossiers.commands.deciding import settle
from motcua.domain.dossiers.commands.filing import (
    discard,
    move_office,
    prefill,
    save_answers,
    start,
    submit,
)
from motcua.domain.dossiers.commands.processing import (
    SIMPLE,
    act,
    ask_more,
    assign,
    check_register,
    leave_unchecked,
    note_paid,
    postpone,
    supplement,
)
from motcua.domain.dossiers.commands.receiving import guide, hand_over, receive, refuse, refuse_draft, take_in

__all__ = [
    "SIMPLE",
    "act",
    "ask_more",
    "assign",
    "bring",
    "bring_instead",
    "check_register",
    "discard",
    "guide",
    "hand_over",
    "leave_unchecked",
    "move_office",
    "note_paid",
    "postpone",
    "prefill",
    "receive",
    "refuse",
    "refuse_draft",
    "save_answers",
    "settle",
    "start",
    "submit",
    "supplement",
    "take_back",
    "take_in",
]
