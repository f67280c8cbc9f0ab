"""Erasing what people were told of things that are erased."""

from collections.abc import Iterable

from django.db.models import Model

from feedback.kernel.batches import batches
from feedback.notify.models import Notice


def erase_notices(*, of: type[Model], pks: Iterable[int]) -> None:
    """Erase every notice that tells of these rows: it would lead nowhere."""
    label = of._meta.label_lower
    for some in batches(pks):
        Notice.objects.filter(entry__subject_type=label, entry__subject_id__in=some).delete()
