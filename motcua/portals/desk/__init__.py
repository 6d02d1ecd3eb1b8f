"""Desk (bàn định danh): where officials of the national site work (national)."""
