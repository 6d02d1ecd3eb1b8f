"""Citizen (cổng dịch vụ công): find a procedure, fill, submit, follow."""
