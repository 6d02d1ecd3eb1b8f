"""Floor 4: who looks. Screens and addresses only."""
