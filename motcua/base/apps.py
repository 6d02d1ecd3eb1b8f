"""The Django app of the ground floor."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Holds the event log, running numbers and stored files."""

    name = "motcua.base"
    label = "base"
    default_auto_field = "django.db.models.BigAutoField"
