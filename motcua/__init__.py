"""Motcua (một cửa): one door for the administrative procedures of a Vietnamese province."""
