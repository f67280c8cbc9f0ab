"""What a site needs before its processes start: today's tables, boards, an administrator, style sheets. Done again, it changes nothing."""

import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from rich.panel import Panel

from feedback.forum.boards.operations import make_default_boards
from feedback.forum.models import Board
from feedback.kernel import clock
from feedback.ops import first_start, migrations_pending, static_files
from feedback.ops.archive import older
from feedback.ops.first_start import DONE, FirstStart
from feedback.ops.preconditions import CannotStart, check_data_folder
from feedback.ops.progress import Bars

ROOM_FOR_A_START = 100
ROOM_FOR_A_FIRST_START = 500


def prepare(folder: Path, samples: Sequence[str], bars: Bars) -> FirstStart:
    """Make the data ``folder`` and its database ready; return how far the first start has come, which ``samples`` are part of.

    Raises `CannotStart`.
    """
    start = FirstStart(folder)
    room = ROOM_FOR_A_START if start.step is not None else ROOM_FOR_A_FIRST_START
    check_data_folder(folder, megabytes=room)
    if older.is_here():
        raise CannotStart(older.WHAT_TO_DO)
    if waiting := migrations_pending.pending():
        bars.say(
            "Preparing the database …"
            if start.step is None
            else f"Bringing the database up to date ({len(waiting)} steps) …"
        )
        call_command("migrate", interactive=False, verbosity=0)
    start.begin(samples)
    if start.step != DONE or not Board.objects.exists():
        make_default_boards(clock.now())
    password = first_start.make_administrator(settings.ADMIN_EMAIL)
    if password is not None:
        _hand_over(f"E-mail    {settings.ADMIN_EMAIL}\nPassword  {password}", folder, bars)
    static_files.collect_if_changed()
    return start


def _hand_over(login: str, folder: Path, bars: Bars) -> None:
    """Show the ``login`` to whoever sits at a terminal. What a program keeps must not hold it: then it lies in a file."""
    if sys.stdout.isatty() and not bars.as_objects:
        title = "Your administrator login, shown only this once"
        bars.console.print(Panel(login, title=title, expand=False, padding=(1, 3)))
    else:
        path = first_start.keep_login(login, folder)
        bars.say(f"Your administrator login is in {path}: sign in with it, then remove the file.")
