#!/usr/bin/env python
"""Django's command line; the site is chosen by DJANGO_SETTINGS_MODULE (the province by default)."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from motcua.base import run

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings.province")
    try:
        if sys.argv[1:2] == ["run"]:
            sys.exit(run.main(sys.argv[2:]))
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"✗ {error}")
