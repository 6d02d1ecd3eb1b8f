"""Accounts (tài khoản định danh): who may log in and how, sessions, keys of the provider (national)."""
