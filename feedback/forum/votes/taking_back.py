"""Taking back what somebody wants and felt: who leaves, and who turns out to be a program."""

import datetime as dt

from django.db import transaction

from feedback.accounts.models import User
from feedback.forum.counts import recount_posts
from feedback.forum.models import Ballot, Post, Reaction, Reproduction, SameAs, Vote
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches


def take_back_wishes(person: User, *, now: dt.datetime) -> None:
    """Take back the votes, reactions, answers to polls and what ``person`` said of bugs and of posts that are the same.

    Lock contract: the posts' rows, some at a time.
    """
    Reaction.objects.filter(person=person).delete()
    Ballot.objects.filter(person=person).delete()
    Reproduction.objects.filter(person=person).delete()
    SameAs.objects.filter(person=person).delete()
    wanted = list(Vote.objects.filter(person=person).values_list("post", flat=True))
    for some in batches(wanted):
        with transaction.atomic():
            Vote.objects.filter(person=person, post__in=some).delete()
            recount_posts(some)
            for post in Post.objects.filter(pk__in=some, state=Post.State.PUBLISHED):
                journal.write(
                    verb=Verb.UNVOTED,
                    subject=post,
                    actor_id=person.pk,
                    now=now,
                    data={"post": post.public_id},
                )
