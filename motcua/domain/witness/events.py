"""Facts about national systems, as seen from this province."""

KEPT = "witness.keep"
ALARMED = "witness.alarm"
CLOSED = "witness.close"
CHECKED = "witness.check"
