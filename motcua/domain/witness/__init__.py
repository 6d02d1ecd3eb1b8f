"""Witness (chứng kiến sổ khai thác): keeps the register's signed heads, so that nobody rewrites its log."""
