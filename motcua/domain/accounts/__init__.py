"""Accounts (tài khoản định danh): who may log in and how, sessions, clients, keys (national)."""
