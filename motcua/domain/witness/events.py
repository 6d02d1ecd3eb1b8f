"""Facts about the register's usage ledger, as seen from outside."""

KEPT = "witness.keep"
ALARMED = "witness.alarm"
CLOSED = "witness.close"
