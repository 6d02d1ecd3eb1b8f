"""What procedures announce."""

PUBLISHED = "procedure.publish"
