"""The Django app of the ground floor."""

from django.apps import AppConfig
from django.core.signals import request_started
from django.forms import Field
from django.utils.translation import gettext_lazy as _

from motcua.base import databases


class BaseConfig(AppConfig):
    """Holds the event log, running numbers and stored files."""

    name = "motcua.base"
    label = "base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let forms say what is missing in words that people use, and watch connections between requests."""
        Field.default_error_messages["required"] = _("Bạn chưa trả lời mục này.")
        # After Django's own receiver, which marks connections as not looked at.
        request_started.connect(databases.trust_silent)
