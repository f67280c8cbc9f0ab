"""A brief stops quoting whoever is erased with their words."""

import datetime as dt

from feedback.accounts.models import User
from feedback.accounts.own_data.parts import Part
from feedback.briefs.models import Brief, BriefQuote
from feedback.briefs.operations import rewrite_post
from feedback.forum.models import Post
from feedback.journal import operations as journal
from feedback.journal.models import Entry


def erase(person: User, *, keeps_words: bool, now: dt.datetime) -> None:
    """Have no brief quote ``person``, neither now nor in what its post said before."""
    if keeps_words:
        return
    quotes = BriefQuote.objects.filter(post__author=person)
    briefs = list(Brief.objects.filter(quotes__in=quotes).distinct().select_related("post__author"))
    quotes.delete()
    for brief in briefs:
        rewrite_post(brief=brief, now=now)
    told_in = [brief.post_id for brief in briefs if brief.post_id is not None]
    label = Post._meta.label_lower
    journal.forget_words(Entry.objects.filter(subject_type=label, subject_id__in=told_in))


PART = Part(room="briefs", erase=erase)
