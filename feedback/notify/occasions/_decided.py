"""What the kinds of news about which ask a post belongs to share: those whose posts a decision moved hear."""

from collections.abc import Callable, Iterable

from feedback.asks.models import Ask, Decision
from feedback.asks.queries import resolve
from feedback.journal.models import Entry
from feedback.notify.groups import About, Group
from feedback.notify.occasions import Facts, Occasion, _ask
from feedback.notify.recipients import Audience, Topic, came_along, followers


def occasion(
    *, verb: str, sentence: Callable[[Facts], str], facts: Callable[[Entry], Facts | None]
) -> Occasion:
    """Return a kind that tells those whose posts a decision put into another ask."""
    return Occasion(
        verbs=(verb,),
        group=Group.GROUPED,
        key=key,
        facts=facts,
        recipients=recipients,
        about=about,
        thread=thread,
        sentence=sentence,
        url=_ask.url,
    )


def decision_of(entry: Entry) -> Decision:
    """Return the decision that the entry records."""
    found = Decision.objects.select_related("ask", "other_ask")
    return found.get(public_id=entry.data["decision"])


def home_of(decision: Decision) -> Ask:
    """Return the ask that the posts are in by now."""
    ask = decision.other_ask or decision.ask
    assert ask is not None, "A decision that moves posts is about asks."
    return resolve(ask)


def key(entry: Entry) -> str:
    """Return one decision."""
    return f"decision:{entry.data['decision']}"


def facts(entry: Entry) -> Facts | None:
    """Return what the ask is called and how many are behind it; None where it was undone, or is not public."""
    decision = decision_of(entry)
    home = home_of(decision)
    if decision.undone_at is not None or not home.is_public:
        return None
    return {"title": home.title, "ask": home.public_id, "people": home.people_count}


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return the authors and voters of the posts that came along, and who follows the asks they came from."""
    decision = decision_of(entry)
    yield from came_along(decision, home_of(decision).pk)
    left = {decision.ask_id} if decision.ask_id is not None else set()
    if decision.kind == Decision.Kind.JOIN:
        left |= {int(pk) for pk, was in decision.before["asks"].items() if "state" in was}
    yield from followers([(About.ASK, pk) for pk in sorted(left)])


def about(entry: Entry) -> list[Topic]:
    """Return the ask that they are in now, and the one they came from."""
    decision = decision_of(entry)
    asks = {ask.pk: ask for ask in (decision.ask, home_of(decision)) if ask is not None}
    return _ask.topics_of(asks.values())


def thread(entry: Entry) -> str:
    """Return the thread of the ask that they are in now."""
    return _ask.thread_of(home_of(decision_of(entry)))
