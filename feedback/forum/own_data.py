"""What somebody wrote and wanted: shown to them in one file, and erased with them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback.accounts.models import User
from feedback.accounts.own_data.parts import Part, Row
from feedback.forum.closed.models import BoardMember
from feedback.forum.closed.reading import READ
from feedback.forum.comments.operations import set_hidden
from feedback.forum.models import (
    Attachment,
    Ballot,
    Comment,
    Consents,
    Draft,
    Flag,
    Hiding,
    Post,
    PostForCustomer,
    Prompt,
    Reaction,
    Reproduction,
    Right,
    Ruling,
    SaidWords,
    SameAs,
    Vote,
    VoteForCustomer,
)
from feedback.forum.moderation.hiding import GONE, write_words
from feedback.forum.moderation.taking_away import forget_taken
from feedback.forum.posts.exporting import address_of, exported_row
from feedback.forum.posts.operations import write_state
from feedback.forum.queries import posts_visible_to
from feedback.forum.renderings.keeping import forget
from feedback.forum.votes.taking_back import take_back_wishes
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches

_STANDING = [*READ, Post.State.HIDDEN, Post.State.HELD]


def shows(person: User) -> Mapping[str, Iterable[Row]]:
    """Return what ``person`` wrote, wanted, reported and was told by moderators; posts as an import reads them."""
    return {
        "posts": _posts(person),
        "comments": _comments(person),
        "votes": _votes(person),
        "reactions": Reaction.objects.filter(person=person)
        .order_by("pk")
        .values("kind", "comment__public_id"),
        "attachments": _attachments(person),
        "poll-answers": Ballot.objects.filter(person=person)
        .order_by("pk")
        .values("poll__question", "options__text", "cast_at"),
        "bugs-you-see-too": Reproduction.objects.filter(person=person)
        .order_by("pk")
        .values("post__public_id", "version", "device", "said_at", "confirmed_at"),
        "posts-you-call-the-same": SameAs.objects.filter(person=person)
        .order_by("pk")
        .values("post__public_id", "other__public_id", "said_at"),
        "prompts": Prompt.objects.filter(post__author=person)
        .order_by("pk")
        .values("post__public_id", "prompt", "answer", "model_version", "is_public", "kept_at"),
        "drafts": Draft.objects.filter(person=person).order_by("pk").values("words", "saved_at"),
        "reports-you-made": Flag.objects.filter(person=person)
        .order_by("pk")
        .values("thing", "reason", "line", "flagged_at"),
        "decisions-about-you": Ruling.objects.filter(
            Q(case__person=person) | Q(case__post__author=person) | Q(case__comment__author=person)
        )
        .order_by("pk")
        .values("action", "rule__name", "word", "made_at", "until", "undone_at", "appeal"),
    }


def _posts(person: User) -> Iterator[Row]:
    posts = Post.objects.filter(author=person).select_related("board__product").order_by("pk")
    for post in posts.iterator(chunk_size=500):
        yield exported_row(post) | {
            "state": post.state,
            "country": post.country,
            "language": post.language,
            "votes": post.vote_count,
            "edited_at": post.edited_at,
        }


def _comments(person: User) -> Iterator[Row]:
    comments = Comment.objects.filter(author=person).select_related("post").order_by("pk")
    # Whoever left a closed board does not read there any more how others called their posts.
    comments = comments.annotate(
        is_read=Exists(posts_visible_to(person).filter(pk=OuterRef("post")))
    )
    for comment in comments.iterator(chunk_size=500):
        yield {
            "url": settings.BASE_URL + reverse("forum:comment-detail", args=[comment.public_id]),
            "post": comment.post.title if comment.is_read else "",
            "body": comment.body,
            "is_hidden": comment.is_hidden,
            "posted_at": comment.posted_at,
            "edited_at": comment.edited_at,
        }


def _attachments(person: User) -> Iterator[Row]:
    """Yield what is attached, with the address at which its owner saves it."""
    for one in Attachment.objects.filter(owner=person, removed_at=None).order_by("pk"):
        yield {
            "url": settings.BASE_URL + one.address,
            "name": one.name,
            "kind": one.kind,
            "shows": one.alt,
            "uploaded_at": one.uploaded_at,
        }


def _votes(person: User) -> Iterator[Row]:
    votes = Vote.objects.filter(person=person, post__state=Post.State.PUBLISHED)
    for vote in votes.select_related("post").order_by("pk").iterator(chunk_size=500):
        yield {
            "url": address_of(vote.post),
            "post": vote.post.title,
            "importance": vote.importance,
            "voted_at": vote.voted_at,
        }


def withdraw(person: User, *, keeps_words: bool, now: dt.datetime) -> None:
    """Take back what ``person`` wrote, wants and felt, unless their words stay. Lock contract: the posts' rows.

    Words that stay are used by no machine: nobody could take that back any more. Files go as their words do;
    what the team called a customer goes, and what it took away of a profile.
    """
    PostForCustomer.objects.filter(post__author=person).update(customer="", link="")
    VoteForCustomer.objects.filter(vote__person=person).update(customer="", link="")
    forget_taken(person)
    files = Attachment.objects.filter(owner=person, removed_at=None)
    if keeps_words:
        files.filter(post=None, comment=None).update(removed_at=now)
        Post.objects.filter(author=person).update(may_evaluate=False, may_train=False)
        return
    files.update(removed_at=now)
    held = Post.objects.select_for_update(no_key=True).order_by("pk")
    for post in held.filter(author=person, state__in=_STANDING):
        write_state(
            post=post,
            becomes=Post.State.WITHDRAWN,
            verb=Verb.POST_WITHDRAWN,
            actor=person,
            now=now,
        )
    shown = Comment.objects.filter(author=person, is_hidden=False).select_related("post")
    for comment in shown.order_by("pk"):
        set_hidden(comment, True, person, now)
    take_back_wishes(person, now=now)


def erase_words(person: User, *, keeps_words: bool, now: dt.datetime) -> None:
    """Empty the rows of what ``person`` withdrew, and forget what the journal and moderators kept of it.

    The rows stay: others answered them, and an import must not bring the words again.
    """
    if keeps_words:
        return
    posts = Post.objects.filter(author=person)
    comments = Comment.objects.filter(author=person)
    Prompt.objects.filter(post__in=posts).delete()
    Hiding.objects.filter(Q(post__in=posts) | Q(comment__in=comments)).update(words={})
    with override("en"):
        gone = {"title": _("Removed"), "body": ""}
    for post in posts.exclude(**gone):
        write_words(post, {**dict.fromkeys(GONE, ""), "fields": {}, **gone})
    posts.update(rating=None, country="")
    forget(Comment, comments.values_list("pk", flat=True))
    comments.update(body="")
    label = Post._meta.label_lower
    own = Entry.objects.filter(actor_id=person.pk, subject_type=label)
    journal.forget_words(own)
    for some in batches(posts.values_list("pk", flat=True)):
        journal.forget_words(Entry.objects.filter(subject_type=label, subject_id__in=some))


PART = Part(
    room="forum",
    shows=shows,
    takes=(
        (Draft, "person"),
        (SaidWords, "person"),
        (Consents, "person"),
        (BoardMember, "person"),
        (Right, "person"),
    ),
    erase=withdraw,
)
#: Asked last: what rooms above keep of a text is found by the text.
WORDS = Part(room="forum.words", erase=erase_words)
