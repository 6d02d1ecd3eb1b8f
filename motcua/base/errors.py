"""The one failure that is expected: a refusal with a sentence for the person who asked."""

from django.utils.functional import Promise


class Refused(Exception):
    """Raised when a rule says no; the reason is shown as it is, so it is written in plain Vietnamese."""

    def __init__(self, reason: "str | Promise") -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)
