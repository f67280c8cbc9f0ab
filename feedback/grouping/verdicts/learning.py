"""Learning from the team's decisions: what was hidden and removed, beside what stood. Offline, and anew as decisions come."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max, Q

from feedback.engine.verdicts.features import Case, Circumstances
from feedback.forum.models import Comment, Hiding, Post, Ruling
from feedback.grouping.models import LearnedVerdicts
from feedback.grouping.verdicts.judging import circumstances_of
from feedback.kernel import text

#: What is read at most of each kind, the latest first.
MOST = 1_000
#: So long something has to stand before it counts as let stand.
_STOOD_FOR = dt.timedelta(days=2)


def learn_verdicts(*, now: dt.datetime) -> LearnedVerdicts | None:
    """Learn anew where the team decided something since the last time; return what is in force then, None where nothing changed."""
    last = Ruling.objects.aggregate(last=Max("pk"))["last"] or 0
    known = LearnedVerdicts.objects.first()
    if known is not None and known.last_ruling == last:
        undone = Ruling.objects.filter(undone_at__gte=known.learned_at)
        if not undone.exists():
            return None
    from feedback.engine.verdicts.learning import learn  # scikit-learn is the worker's alone

    removed, stood = list(_removed()), list(_stood(now))
    learned = learn(removed, stood)
    kept, _made = LearnedVerdicts.objects.update_or_create(
        pk=1,
        defaults={
            "weights": learned.weights.astype("<f4").tobytes() if learned else b"",
            "threshold": learned.threshold if learned else 0.0,
            "caught": learned.caught if learned else 0.0,
            "removed_count": len(removed),
            "stood_count": len(stood),
            "last_ruling": last,
            "learned_at": now,
        },
    )
    return kept


def _removed() -> Iterator[Case]:
    """Yield what a standing decision hides, as it was said and how it came."""
    hidden = Hiding.objects.filter(ruling__undone_at=None).select_related(
        "post__author", "comment__author"
    )
    for one in hidden.order_by("-pk")[:MOST]:
        thing = one.post or one.comment
        if thing is None:
            continue
        there = {"title": getattr(thing, "title", ""), "body": thing.body}
        words = one.words or there
        said = text.text_of(words.get("title", ""), words.get("body", ""))
        if said.strip():
            yield said, _came(thing, said)


def _stood(now: dt.datetime) -> Iterator[Case]:
    """Yield what was said here, stands, and nobody reported, or was reported and kept."""
    until = now - _STOOD_FOR
    posts = Post.objects.filter(state=Post.State.PUBLISHED, source="", posted_at__lt=until)
    comments = Comment.objects.filter(
        is_hidden=False, is_internal=False, arrived_at=None, posted_at__lt=until
    )
    reported = Q(cases__closed_at=None, cases__isnull=False)
    for post in posts.exclude(reported).select_related("author").order_by("-pk")[:MOST]:
        said = text.text_of(post.title, post.body)
        yield said, _came(post, said)
    for comment in comments.exclude(reported).select_related("author").order_by("-pk")[:MOST]:
        if comment.body:
            yield comment.body, _came(comment, comment.body)


def _came(thing: Post | Comment, said: str) -> Circumstances:
    return circumstances_of(thing.author, said, now=thing.posted_at)
