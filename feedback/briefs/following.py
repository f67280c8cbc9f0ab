"""Following the posts that a brief quotes: words that are taken back, hidden or changed stand in no brief any more."""

from feedback.briefs.models import Brief
from feedback.briefs.operations import rewrite_post
from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

VERBS = frozenset(
    {
        Verb.POST_EDITED,
        Verb.POST_HIDDEN,
        Verb.POST_SHOWN,
        Verb.POST_WITHDRAWN,
        Verb.CONSENTS_CHOSEN,
    }
)


def follow(entry: Entry) -> None:
    """Write the posts of the briefs anew that quote the post of ``entry``; pages, feeds and mails look by themselves."""
    # Who says how all their words may be used says it of each.
    of_one = entry.subject_type == Post._meta.label_lower
    quoted = "quotes__post" if of_one else "quotes__post__author"
    briefs = Brief.objects.filter(
        state=Brief.State.PUBLISHED, quotes__is_chosen=True, **{quoted: entry.subject_id}
    ).distinct()
    for brief in briefs.select_related("product", "post__author"):
        rewrite_post(brief=brief, now=entry.at)
        Brief.objects.filter(pk=brief.pk).update(changed_at=entry.at)
