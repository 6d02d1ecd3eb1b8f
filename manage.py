#!/usr/bin/env python
"""Django's command line; the site is chosen by DJANGO_SETTINGS_MODULE (the province by default)."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from motcua.base import run

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings.province")
    try:
        if sys.argv[1:2] == ["run"]:
            sys.exit(run.main(sys.argv[2:]))
        if sys.argv[1:2] == ["verify_usage_ledger"]:
            # Whoever has only the files needs no settings, no database and no other app.
            settings.configure(INSTALLED_APPS=["motcua.portals.register"])
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"✗ {error}")
