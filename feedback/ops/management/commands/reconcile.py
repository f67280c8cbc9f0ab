"""`manage.py reconcile`: whether what is counted is what there is."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from feedback.ops.reconciling import reconcile


class Command(BaseCommand):
    help = "Count again what is counted: votes, comments, boards, people, importance, and what came of what people did. Ends with 1 when something was wrong and is not mended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="Write what was counted.")

    def handle(self, *, fix: bool, **options: Any) -> None:
        drift = reconcile(fix=fix)
        for name, number in drift.items():
            self.stdout.write(f"{name:<12} {number:>7,}")
        wrong = sum(drift.values())
        if not wrong:
            self.stdout.write(self.style.SUCCESS("Everything adds up."))
        elif fix:
            self.stdout.write(self.style.WARNING(f"{wrong:,} were wrong, and are mended."))
        else:
            self.stdout.write(self.style.ERROR(f"{wrong:,} are wrong; mend them with --fix."))
            raise SystemExit(1)
