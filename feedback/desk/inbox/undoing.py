"""What of the reader's words in the inbox can be taken back, and where."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from feedback.accounts.permissions import member_of
from feedback.asks.models import Decision, Proposal
from feedback.asks.proposals.several import to_take_back, word_on
from feedback.asks.proposals.taking_back import last_said, may_be_taken_back
from feedback.kernel import clock

#: In the session: what the reader last said of several proposals at once, as `_mark` writes it.
_TOGETHER = "desk.together"


def undo_tag(found: Proposal) -> str:
    """Return the tag of a message that offers to take back what was just said of ``found``."""
    found = Proposal.objects.select_related("decision").get(pk=found.pk)
    if found.decision is not None:
        return "undo:" + reverse("desk:decision-undo", args=[found.decision.public_id])
    if may_be_taken_back(found, now=clock.now()):
        return "undo:" + reverse("desk:proposal-undo", args=[found.public_id])
    return ""


def undo_tag_of_several(
    request: HttpRequest, found: Iterable[Proposal], *, now: dt.datetime
) -> str:
    """Return the same for what was said of several at once, and keep it for the key that undoes the last."""
    found = list(found)
    if not to_take_back(found, now=now):
        forget_several(request)
        return ""
    said = Proposal.objects.select_related("decision").in_bulk([one.pk for one in found])
    marks = [_mark(said[one.pk]) for one in found]
    request.session[_TOGETHER] = marks
    return f"undo:{_address_of_several(marks)}"


def forget_several(request: HttpRequest) -> None:
    """Let the next undo be of one proposal."""
    request.session.pop(_TOGETHER, None)


def words_of(request: HttpRequest) -> dict[str, str]:
    """Return, by the public id of each proposal that an address to undo names, what had been said of it."""
    return dict(one.partition(".")[::2] for one in request.GET.getlist("of"))


def undo_of_my_last(request: HttpRequest) -> str:
    """Return the address that takes back the reader's last word, all of it where it was about several; "" for none."""
    person = member_of(request)
    mine = Decision.objects.filter(actor=person, undone_at__isnull=True)
    decision = mine.select_related("proposal__decision").order_by("-id").first()
    about: Proposal | None
    said_last = last_said(person, now=clock.now())
    if said_last is not None and (decision is None or decision.made_at <= said_last.at):
        about = Proposal.objects.select_related("decision").get(pk=said_last.subject_id)
        address = reverse("desk:proposal-undo", args=[about.public_id])
    elif decision is not None:
        about = getattr(decision, "proposal", None)
        address = reverse("desk:decision-undo", args=[decision.public_id])
    else:
        return ""
    together = request.session.get(_TOGETHER, [])
    is_one_of_them = about is not None and _mark(about) in together
    return _address_of_several(together) if is_one_of_them else address


def _mark(proposal: Proposal) -> str:
    return f"{proposal.public_id}.{word_on(proposal)}"


def _address_of_several(marks: list[str]) -> str:
    return f"{reverse('desk:proposals-undo')}?{urlencode([('of', one) for one in marks])}"
