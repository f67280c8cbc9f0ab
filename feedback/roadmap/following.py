"""Following what people decide about asks."""

from feedback.insight.models import Ask, Decision
from feedback.journal.models import Entry
from feedback.roadmap import operations


def after_undoing(entry: Entry) -> None:
    """Bring the asks of a decision that was taken back to where their items stand by now."""
    decision = Decision.objects.select_related("undone_by").get(public_id=entry.data["decision"])
    ids = set(map(int, decision.before.get("asks", {})))
    ids |= {pk for pk in (decision.ask_id, decision.other_ask_id) if pk is not None}
    assert decision.undone_by is not None
    operations.keep_in_step(
        asks=list(Ask.objects.filter(pk__in=ids).order_by("pk")),
        actor=decision.undone_by,
        now=entry.at,
    )
