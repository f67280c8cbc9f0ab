"""Following what people decide about asks."""

from feedback.accounts.models import User
from feedback.asks.models import Ask, Decision
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.roadmap import operations

VERBS = frozenset({Verb.ASK_JOINED, Verb.DECISION_UNDONE})


def follow(entry: Entry) -> None:
    """Bring item, asks and people together again after a join, or after a decision was taken back."""
    decision = Decision.objects.select_related("ask", "other_ask").get(
        public_id=entry.data["decision"]
    )
    actor = User.objects.get(pk=entry.actor_id or 0)
    if entry.verb == Verb.ASK_JOINED:
        if entry.subject_id != decision.ask_id:
            return  # one of several that were joined at once: all are told with the first
        operations.tell_those_joined(joined=decision, actor=actor, now=entry.at)
        return
    ids = set(map(int, decision.before.get("asks", {})))
    ids |= {pk for pk in (decision.ask_id, decision.other_ask_id) if pk is not None}
    asks = list(Ask.objects.filter(pk__in=ids).order_by("pk"))
    operations.keep_in_step(asks=asks, actor=actor, now=entry.at)
