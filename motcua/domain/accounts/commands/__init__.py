"""Every change to accounts, sessions, clients, grants and keys."""
