#!/usr/bin/env python
"""Heed's command line: `python manage.py help` lists the commands."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if os.environ.get("PGAPPNAME", "heed ").startswith("heed "):
        # What PostgreSQL calls our sessions, and a restore names when it finds them.
        os.environ["PGAPPNAME"] = f"heed {''.join(sys.argv[1:2])}"
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError
    from environs import EnvError

    from config.database_errors import sentence_about
    from feedback.kernel.hiding import hidden

    try:
        execute_from_command_line(sys.argv)
    except EnvError as error:
        said = str(error).rstrip(".")
        sys.exit(f"A setting cannot be read: {said}. docs/ops/settings.md lists what each may be.")
    except DatabaseError as error:
        if "--traceback" in sys.argv or not (why := sentence_about(error)):
            raise
        sys.exit(hidden(why))
