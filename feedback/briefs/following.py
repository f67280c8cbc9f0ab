"""Following the posts that a brief quotes: words that are taken back, hidden or changed stand in no brief any more."""

from feedback.briefs.models import Brief, BriefQuote
from feedback.briefs.operations import rewrite_post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

_OF_A_POST = {Verb.POST_EDITED, Verb.POST_HIDDEN, Verb.POST_SHOWN, Verb.POST_WITHDRAWN}
VERBS = frozenset({*_OF_A_POST, Verb.POST_CHANGED_BOARD, Verb.BOARD_READERS_CHANGED})


def follow(entry: Entry) -> None:
    """Write the posts of the briefs anew that quote the post of ``entry``, or one of its board; pages, feeds and mails look by themselves."""
    quoted = "post__board" if entry.verb == Verb.BOARD_READERS_CHANGED else "post"
    quoting = BriefQuote.objects.filter(**{quoted: entry.subject_id}, is_chosen=True)
    briefs = Brief.objects.filter(state=Brief.State.PUBLISHED, pk__in=quoting.values("brief"))
    for brief in briefs.select_related("product", "post__author"):
        rewrite_post(brief=brief, now=entry.at)
        Brief.objects.filter(pk=brief.pk).update(changed_at=entry.at)
