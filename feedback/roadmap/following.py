"""Following what people decide about asks."""

from feedback.accounts.models import User
from feedback.insight.models import Ask, Decision
from feedback.journal.models import Entry
from feedback.roadmap import operations


def after_undoing(entry: Entry) -> None:
    """Bring the asks of a decision that was taken back to where their items stand by now."""
    decision = Decision.objects.get(public_id=entry.data["decision"])
    ids = {decision.ask_id, decision.other_ask_id, *map(int, decision.before.get("asks", {}))}
    asks = list(Ask.objects.filter(pk__in=ids - {None}).order_by("pk"))
    operations.keep_in_step(asks=asks, actor=User.objects.get(pk=entry.actor_id), now=entry.at)
