"""Names of the facts that papers announce; each carries {"paper": id} in its data."""

ATTACHED = "paper.attach"
REPLACED = "paper.replace"
REMOVED = "paper.remove"
SCANNED = "paper.note_scan"
ISSUED = "paper.issue"
