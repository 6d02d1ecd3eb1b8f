"""Names of what happens in the register apart from look-ups, which have a log of their own (Usage)."""

LOADED = "population.load"
SUBSCRIBED = "population.subscribe"
HEAD_SIGNED = "ledger.sign"
TILES_LAID = "ledger.lay"
KEY_REPLACED = "ledger.replace_key"
COMPLAINED = "complaint.make"
ANSWERED = "complaint.answer"
