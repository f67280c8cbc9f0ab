"""`manage.py doctor`: what is well and what is not."""

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand

from feedback.asks.counts import recount
from feedback.asks.models import Ask
from feedback.forum.closed.standing import follow_boards
from feedback.forum.counts import reconcile_counts
from feedback.kernel import clock
from feedback.kernel.hiding import hidden
from feedback.ops.doctor.drilled import drilled
from feedback.ops.doctor.examine import examine
from feedback.ops.doctor.finding import Level
from feedback.ops.doctor.installation import sent_to

_STYLES = {Level.PASS: "SUCCESS", Level.WARN: "WARNING", Level.FAIL: "ERROR"}


class Command(BaseCommand):
    help = "Look at everything: a line each, PASS, WARN or FAIL. Ends with 1 when something fails."
    requires_system_checks: list[str] = []  # type: ignore[assignment]  # it is one of the lines

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="Count again what the counters count, first."
        )

        parser.add_argument(
            "--mail", metavar="ADDRESS", help="Send a mail there too, to see whether it arrives."
        )

        parser.add_argument(
            "--drill",
            metavar="PLACE",
            help="Restore the newest backup there, or this file, beside the site too, and count what came back.",
        )

    def handle(self, *, repair: bool, mail: str | None, drill: str | None, **options: Any) -> None:
        if repair:
            self._repair()
        worst = Level.PASS
        for finding in chain(
            examine(),
            [sent_to(mail)] if mail is not None else [],
            [drilled(drill)] if drill is not None else [],
        ):
            level = getattr(self.style, _STYLES[finding.level])(finding.level)
            self.stdout.write(hidden(f"{level}  {finding.about:<13} {finding.words}"))
            if finding.level is Level.FAIL or worst is Level.PASS:
                worst = finding.level
        if worst is Level.FAIL:
            raise SystemExit(1)

    def _repair(self) -> None:
        follow_boards(now=clock.now())
        repaired = reconcile_counts()
        recount(Ask.objects.values_list("pk", flat=True))
        words = ", ".join(f"{count} {name}" for name, count in repaired.items() if count)
        self.stdout.write(f"Counted again: {words or 'nothing was wrong in the forum'}; all asks.")
