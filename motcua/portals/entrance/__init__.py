"""Entrance (đăng nhập): the province's log-in at the national identity provider, and log-out."""
