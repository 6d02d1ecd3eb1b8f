"""`make bench`: one `name value unit` a line; rates are measured in turns with what they are compared to."""

import os
import subprocess
import sys

from django.conf import settings

from motcua.base import databases, postgres

NAME = "motcua_bench"


def address() -> str:
    """Give the address of a database of our own, beside the one that is in use."""
    if settings.DATABASE_URL:
        return databases.beside(settings.DATABASE_URL).replace("_national", "_bench")
    return postgres.url(settings.HOME, NAME)


def national(measurement: str, url: str) -> None:
    """Measure something in the settings of the national site."""
    databases.exists(url)
    site = {"DJANGO_SETTINGS_MODULE": "motcua.settings.national", "NATIONAL_DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", measurement], env=os.environ | site, check=True)


def main() -> None:
    """Measure everything, slowest to prepare last."""
    os.environ["DATABASE_URL"] = url = address()
    national("bench.register", databases.beside(url))
    national("bench.storm", databases.beside(url))
    national("bench.population", databases.beside(url).replace("_national", "_people"))
    databases.exists(url)
    os.execv(sys.executable, [sys.executable, "-m", "bench.measure"])


if __name__ == "__main__":
    main()
