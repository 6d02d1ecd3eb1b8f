"""The Django app of the ground floor."""

from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    """Holds the event log, running numbers and stored files."""

    name = "motcua.base"
    label = "base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let forms say what is missing in words that people use."""
        Field.default_error_messages["required"] = _("Bạn chưa trả lời mục này.")
