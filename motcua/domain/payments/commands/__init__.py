"""Every write of bills, of paying them online, and of what does not agree with the platform's list."""

from motcua.domain.payments.commands.attempts import begin, note, refund
from motcua.domain.payments.commands.bills import ask, pay, void
from motcua.domain.payments.commands.comparing import close, close_day, find

__all__ = ["ask", "begin", "close", "close_day", "find", "note", "pay", "refund", "void"]
