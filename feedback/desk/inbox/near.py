"""Which asks may say the same as one that is proposed: offered beside its evidence, to be ticked and become one with it.

The machine does not propose to join them: of asks so near, one in four at the most is the same (ADR 0024). A person who has both
titles before them sees which (ADR 0096).
"""

import datetime as dt
from collections.abc import Iterable
from hashlib import blake2b

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from feedback.asks.models import Ask, Proposal
from feedback.asks.queries import resolve
from feedback.desk.inbox.waiting import Wish, waiting
from feedback.forum.models import TITLE_LENGTH, Product
from feedback.grouping.similar.asks_near import asks_near
from feedback.kernel import text, typed
from feedback.kernel.refusals import Refusal

#: Offered of those that the team has confirmed, and of those that wait in the inbox too, where so many people are behind them.
CONFIRMED, WAITING, FEWEST = 3, 2, 3
#: Of so many that are nearest: while little is confirmed, what is confirmed need not be near.
NEAREST = 15
#: So many titles of confirmed asks are offered to whoever names one.
NAMED = 200


def near_ones(proposal: Proposal, *, now: dt.datetime) -> list[Ask]:
    """Return the asks nearest to a new one, those first that are confirmed; none for other kinds of proposals."""
    if proposal.kind != Proposal.Kind.NEW_ASK:
        return []
    nearest = asks_near(proposal.ask, limit=NEAREST)
    new = waiting(proposal.ask.product, Wish(kind=Proposal.Kind.NEW_ASK, size=FEWEST), now=now)
    waits = set(new.filter(ask__in=nearest).values_list("ask", flat=True))
    confirmed = [one for one in nearest if one.state == Ask.State.PUBLIC]
    return confirmed[:CONFIRMED] + [one for one in nearest if one.pk in waits][:WAITING]


def mark_of(near: Iterable[Ask]) -> str:
    """Return a mark of what is shown of ``near``, which is another where anything of it is."""
    shown = [
        f"{one.public_id} {one.state} {one.stage} {one.people_count} {one.title}" for one in near
    ]
    return blake2b("\n".join(shown).encode(), digest_size=8).hexdigest()


def near_parts(proposal: Proposal, near: list[Ask]) -> dict[str, object]:
    """Return what a page needs to show ``near`` beside ``proposal``."""
    return {"near": near, "near_of": proposal.public_id, "near_mark": mark_of(near)}


def _confirmed(product: Product) -> QuerySet[Ask]:
    asks = Ask.objects.open().filter(product=product, state=Ask.State.PUBLIC)
    return asks.order_by("-people_count", "pk")


def confirmed_titles(product: Product) -> list[str]:
    """Return what the confirmed asks of most people are called, to be named as another that says the same."""
    return list(dict.fromkeys(_confirmed(product).values_list("title", flat=True)[:NAMED]))


def _named(name: str, product: Product) -> Ask:
    """Return the confirmed ask that is called ``name``, whatever its case and width. Raises `Refusal` for none and for several."""
    wanted = text.fold(name)
    titles = _confirmed(product).values_list("pk", "title")
    called = [pk for pk, title in titles if text.fold(title) == wanted]
    if not called:
        said = _("No confirmed ask is called “%(title)s”. Choose one that is offered as you type.")
        raise Refusal(said % {"title": name}, status=422)
    if len(called) > 1:
        said = _("%(n)d asks are called “%(title)s”. Open the one you mean, and join it there.")
        raise Refusal(said % {"title": name, "n": len(called)}, status=422)
    return Ask.objects.get(pk=called[0])


def also_ticked(request: HttpRequest, proposal: Proposal) -> list[Ask]:
    """Return the asks that the form says want the same as the new one; of what was joined since, what it became.

    Raises `Refusal` where it names one that is not there.
    """
    product = proposal.ask.product
    ticked = request.POST.getlist("also")[: CONFIRMED + WAITING]
    found = list(Ask.objects.filter(product=product, public_id__in=ticked))
    if name := typed.line(request.POST.get("also_title", ""), most=TITLE_LENGTH):
        found.append(_named(name, product))
    homes = {one.pk: one for one in map(resolve, found)}
    homes.pop(proposal.ask_id, None)
    return list(homes.values())


def overtaken_by(proposal: Proposal) -> list[str]:
    """Return the public ids of the proposals that are settled with what was decided about ``proposal``."""
    decided = Proposal.objects.select_related("decision").get(pk=proposal.pk).decision
    named = decided.before.get("proposals", []) if decided is not None else []
    return [one for one in named if one != proposal.public_id]
