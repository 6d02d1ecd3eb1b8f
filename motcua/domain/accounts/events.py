"""Facts about electronic identity accounts and the systems that rely on them."""

OPENED = "account.open"
LOCKED = "account.lock"
UNLOCKED = "account.unlock"
CLOSED = "account.close"
PASSWORD_SET = "account.set_password"  # noqa: S105
FACTOR_ADDED = "account.add_factor"
SESSION_OPENED = "session.open"
SESSION_RAISED = "session.raise"
SESSION_FAILED = "session.fail"
SESSION_ENDED = "session.end"
CONSENTED = "consent.give"
CONSENT_WITHDRAWN = "consent.withdraw"
SHARED = "client.enter"
TOKEN_ISSUED = "token.issue"  # noqa: S105
REPLAYED = "token.revoke"
CLIENT_REGISTERED = "client.register"
KEYS_ROTATED = "key.rotate"
