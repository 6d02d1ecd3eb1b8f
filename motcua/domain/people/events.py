"""Facts about persons."""

REMEMBERED = "person.remember"
