"""What came of answers and reports, and what lowers trust: decisions of the team that stand."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Count, F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.accounts.outcomes.kinds import Kind, Lowered, Lowering, People
from feedback.forum.models import Flag, Post, Reproduction, Ruling
from feedback.forum.moderation.models import MAY_BE_APPEALED, Action
from feedback.journal.verbs import Verb

#: For so long after a mute or a suspension ended somebody is trusted as who has just come, and after a warning or a removal
#: as a member at most.
NEW_AFTER, MEMBER_AFTER = dt.timedelta(days=30), dt.timedelta(days=90)
_TO_NEW = (Action.MUTE, Action.SUSPEND, Action.BAN)
_TO_MEMBER = (Action.REMOVE, Action.WARN)
_VERBS = frozenset(
    {
        Verb.POST_HIDDEN,
        Verb.POST_SHOWN,
        Verb.POST_WITHDRAWN,
        Verb.MODERATED,
        Verb.MODERATION_UNDONE,
        Verb.AUTHOR_CLAIMED,
        Verb.CLAIM_UNDONE,
    }
)
#: Whom a case is about: who wrote the thing, or the person themselves.
_ABOUT = Coalesce("case__post__author", "case__comment__author", "case__person")


def answered(people: People) -> Mapping[int, int]:
    """Return of how many others each answered a question, as who asked or the team says."""
    posts = Post.objects.filter(
        state=Post.State.PUBLISHED, accepted__isnull=False, accepted__is_hidden=False
    )
    if people is not None:
        posts = posts.filter(accepted__author__in=people)
    of_others = posts.exclude(author=F("accepted__author")).order_by()
    found = of_others.values("accepted__author").annotate(n=Count("author", distinct=True))
    return dict(found.values_list("accepted__author", "n"))


def upheld(people: People) -> Mapping[int, int]:
    """Return of how many others each reported something that the team then acted on."""
    flags = Flag.objects.filter(
        person__isnull=False,
        case__rulings__action__in=MAY_BE_APPEALED,
        case__rulings__undone_at=None,
    )
    if people is not None:
        flags = flags.filter(person__in=people)
    about = flags.annotate(about=_ABOUT).exclude(person=F("about")).order_by()
    found = about.values("person").annotate(n=Count("about", distinct=True))
    return dict(found.values_list("person", "n"))


def reproduced(people: People) -> Mapping[int, int]:
    """Return of how many others each sees a bug too, as who posted it or the team confirms."""
    rows = Reproduction.objects.filter(
        confirmed_at__isnull=False, post__state=Post.State.PUBLISHED, post__kind=Post.Kind.BUG
    )
    if people is not None:
        rows = rows.filter(person__in=people)
    of_others = rows.exclude(person=F("post__author")).exclude(person=F("confirmed_by")).order_by()
    found = of_others.values("person").annotate(n=Count("post__author", distinct=True))
    return dict(found.values_list("person", "n"))


def lowered(people: People) -> Mapping[int, Lowered]:
    """Return until when decisions that stand lower each."""
    rulings = Ruling.objects.filter(undone_at=None, action__in=(*_TO_NEW, *_TO_MEMBER))
    rulings = rulings.annotate(about=_ABOUT)
    if people is not None:
        rulings = rulings.filter(about__in=people)
    found: dict[int, Lowered] = {}
    for pk, action, made_at, until in rulings.values_list("about", "action", "made_at", "until"):
        present = found.get(pk, Lowered())
        if action in _TO_NEW:
            ends = (until or made_at) + NEW_AFTER
            new = max(filter(None, (present.new_until, ends)))
            found[pk] = Lowered(new, present.member_until)
        else:
            member = max(filter(None, (present.member_until, made_at + MEMBER_AFTER)))
            found[pk] = Lowered(present.new_until, member)
    return found


ANSWERED = Kind(
    room="forum",
    key="answers",
    label=_("Your answer is the one"),
    why=_(
        "Who asked, or the team, says that your reply answers it. Each person whom you helped counts once."
    ),
    said=lambda n: ngettext("%(n)d person helped", "%(n)d people helped", n) % {"n": n},
    count=answered,
    verbs=_VERBS
    | {Verb.ANSWER_ACCEPTED, Verb.ANSWER_NOT_ACCEPTED, Verb.COMMENT_HIDDEN, Verb.COMMENT_SHOWN},
)
UPHELD = Kind(
    room="forum",
    key="reports",
    label=_("A report of yours is right"),
    why=_(
        "You reported something, and the team did something about it. Each person whom you reported counts once."
    ),
    said=lambda n: ngettext("%(n)d report upheld", "%(n)d reports upheld", n) % {"n": n},
    count=upheld,
    verbs=_VERBS,
    by_team=True,
)
REPRODUCED = Kind(
    room="forum",
    key="reproductions",
    label=_("You see a bug too"),
    why=_(
        "You said on which version you see it, and who posted it, or the team, confirmed that. Each person whose bug you saw too counts once."
    ),
    said=lambda n: ngettext("%(n)d bug confirmed", "%(n)d bugs confirmed", n) % {"n": n},
    count=reproduced,
    verbs=_VERBS
    | {
        Verb.REPRODUCED,
        Verb.REPRODUCTION_TAKEN_OFF,
        Verb.REPRODUCTION_CONFIRMED,
        Verb.REPRODUCTION_NOT_CONFIRMED,
        Verb.POST_EDITED,
    },
)
LOWERING = Lowering(room="forum", of=lowered, verbs=_VERBS)
