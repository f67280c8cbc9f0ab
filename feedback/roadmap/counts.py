"""Keeping what the changelog counts true."""

from django.db import transaction

from feedback.roadmap.models import ChangelogLine


def reconcile_credits(*, fix: bool) -> int:
    """Return how many lines count fewer people than they credit by name; with ``fix`` they count as many.

    The number is of the day on which it shipped, and nothing can count it again; but who is credited was behind it. Lock
    contract: the line's row.
    """
    lines = ChangelogLine.objects.only("pk", "people_count", "credited").iterator(chunk_size=500)
    wrong = [line.pk for line in lines if line.people_count < len(line.credited)]
    for pk in wrong if fix else ():
        with transaction.atomic():
            line = ChangelogLine.objects.select_for_update().get(pk=pk)
            line.people_count = max(line.people_count, len(line.credited))
            line.save(update_fields=["people_count"])
    return len(wrong)
