"""What a definition and a set of answers mean, worked out without a database or a clock."""
