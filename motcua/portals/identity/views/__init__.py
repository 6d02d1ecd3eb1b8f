"""Pages for people, and addresses for the systems they log in to."""
