"""Taking people out of the lists of segments."""

from collections.abc import Sequence

from feedback.accounts.segments.models import SegmentLine
from feedback.kernel.batches import batches


def forget_lines(
    *, mails: Sequence[str], accounts: Sequence[str], customers: Sequence[str]
) -> None:
    """Take whoever is erased out of every list, by each thing they are known by."""
    for kind, whose in (
        (SegmentLine.Kind.MAIL, mails),
        (SegmentLine.Kind.ACCOUNT, accounts),
        (SegmentLine.Kind.CUSTOMER, customers),
    ):
        for some in batches(whose):
            SegmentLine.objects.filter(kind=kind, who__in=some).delete()
