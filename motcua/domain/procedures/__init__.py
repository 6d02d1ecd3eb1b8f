"""Procedures (thủ tục hành chính): the catalogue, frozen versions, forms, deadlines and fees."""
