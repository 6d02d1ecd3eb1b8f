"""Witness (chứng kiến sổ khai thác): keeps what national systems showed us: heads, our registration."""
