"""What came of what people asked for: asks that the team took up and shipped, and groupings that they set right."""

from collections import Counter
from collections.abc import Collection, Mapping

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from feedback.accounts.outcomes.kinds import Kind, People
from feedback.asks.models import Ask, Decision, Membership, Proposal
from feedback.asks.stages import Stage
from feedback.forum.models import Post, SameAs
from feedback.journal.verbs import Verb

#: After these, asks are public or not, posts stand in others, or their stage is another.
_SHAPING = frozenset(
    {
        Verb.ASK_CONFIRMED,
        Verb.ASK_DISMISSED,
        Verb.ASK_JOINED,
        Verb.ASK_SPLIT,
        Verb.ASK_DECLINED,
        Verb.ASK_REOPENED,
        Verb.POST_MOVED,
        Verb.POST_CONTESTED,
        Verb.POSTS_REHOUSED,
        Verb.DECISION_UNDONE,
        Verb.POST_HIDDEN,
        Verb.POST_SHOWN,
        Verb.POST_WITHDRAWN,
        Verb.BOARD_READERS_CHANGED,
        Verb.AUTHOR_CLAIMED,
        Verb.CLAIM_UNDONE,
    }
)
_STAGING = _SHAPING | {
    Verb.ITEM_ADOPTED,
    Verb.ITEM_MOVED,
    Verb.ITEM_SHIPPED,
    Verb.ITEM_DECLINED,
    Verb.ASK_LINKED,
    Verb.ASK_UNLINKED,
}


def _asked(people: People, before: str, **stage: object) -> Mapping[int, int]:
    """Return for how many asks each of ``people`` asked by a post that was there ``before`` the team decided."""
    posts = Membership.objects.filter(
        Q() if people is None else Q(post__author__in=people),
        post__state=Post.State.PUBLISHED,
        post__posted_at__lte=F(before),
        ask__state=Ask.State.PUBLIC,
        **stage,
    )
    found = posts.order_by().values("post__author").annotate(n=Count("ask", distinct=True))
    return dict(found.values_list("post__author", "n"))


def taken_up(people: People) -> Mapping[int, int]:
    """Return how many asks of each the team confirmed and did not decline; who copies what is taken up already has none."""
    open_or_done = [stage for stage in Stage if stage != Stage.DECLINED]
    return _asked(people, "ask__confirmed_at", ask__stage__in=open_or_done)


def shipped(people: People) -> Mapping[int, int]:
    """Return how many asks of each are shipped."""
    return _asked(people, "ask__stage_changed_at", ask__stage=Stage.SHIPPED)


def corrected(people: People) -> Mapping[int, int]:
    """Return how often each said that their post is not the same as others, and the team agreed."""
    agreed = Proposal.objects.filter(kind=Proposal.Kind.CONTEST, state=Proposal.State.ACCEPTED)
    said = {evidence.get("contest", "") for evidence in agreed.values_list("evidence", flat=True)}
    standing = Decision.objects.filter(kind=Decision.Kind.CONTEST, undone_at=None)
    if people is not None:
        standing = standing.filter(actor__in=people)
    by = standing.values_list("public_id", "actor")
    return Counter(actor for public_id, actor in by if public_id in said)


def said_same(people: People) -> Mapping[int, int]:
    """Return of how many public asks each said that two posts of others ask the same, before they stood together there."""
    rows = SameAs.objects.filter(
        Q() if people is None else Q(person__in=people),
        Q(post__membership__placed_at__gt=F("said_at"))
        | Q(other__membership__placed_at__gt=F("said_at"))
        | Q(post__membership__ask__confirmed_at__gt=F("said_at")),
        post__membership__ask=F("other__membership__ask"),
        post__membership__ask__state=Ask.State.PUBLIC,
        post__state=Post.State.PUBLISHED,
        other__state=Post.State.PUBLISHED,
    )
    of_others = rows.exclude(person=F("post__author")).exclude(person=F("other__author"))
    found = of_others.order_by().values("person")
    found = found.annotate(n=Count("post__membership__ask", distinct=True))
    return dict(found.values_list("person", "n"))


def people_of_placed(posts: Collection[int]) -> set[int]:
    """Return of whom something else may count now that the machine put these ``posts`` into asks, of which the journal says nothing.

    Who wrote one before the team confirmed its ask, and who said that one asks the same as another.
    """
    early = Membership.objects.filter(
        post__in=posts, post__posted_at__lte=F("ask__confirmed_at"), ask__state=Ask.State.PUBLIC
    )
    said = SameAs.objects.filter(Q(post__in=posts) | Q(other__in=posts))
    return {*early.values_list("post__author", flat=True), *said.values_list("person", flat=True)}


TAKEN_UP = Kind(
    room="asks",
    key="asks",
    label=_("An ask of yours is taken up"),
    why=_("You asked before the team confirmed it, and it was not declined. An ask counts once."),
    said=lambda n: ngettext("%(n)d ask taken up", "%(n)d asks taken up", n) % {"n": n},
    count=taken_up,
    verbs=_STAGING,
    by_team=True,
)
SHIPPED = Kind(
    room="asks",
    key="shipped",
    label=_("An ask of yours ships"),
    why=_("You asked before it shipped. It earns a badge."),
    said=lambda n: ngettext("%(n)d ask shipped", "%(n)d asks shipped", n) % {"n": n},
    count=shipped,
    verbs=_STAGING,
    raises=False,
)
CORRECTED = Kind(
    room="asks",
    key="corrections",
    label=pgettext_lazy("an outcome", "You set a grouping right"),
    why=_("You said that your post is not the same as the others, and the team agreed."),
    said=lambda n: ngettext("%(n)d grouping set right", "%(n)d groupings set right", n) % {"n": n},
    count=corrected,
    verbs=_SHAPING,
    by_team=True,
)
SAID_SAME = Kind(
    room="asks",
    key="same",
    label=pgettext_lazy("an outcome", "You saw that two posts ask the same"),
    why=_(
        "You said it of two posts of others, and later they stood in one ask. An ask counts once."
    ),
    said=lambda n: ngettext("%(n)d pair found", "%(n)d pairs found", n) % {"n": n},
    count=said_same,
    verbs=_SHAPING | {Verb.SAID_SAME, Verb.UNSAID_SAME, Verb.RUN_FINISHED},
)
