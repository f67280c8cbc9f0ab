"""Confirming what an agent posted, turning it down, and what follows where an account turns out to be an agent, or none."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction

from feedback.accounts.models import User
from feedback.accounts.restrictions import refuse_muted
from feedback.forum.closed.reading import SHOWN
from feedback.forum.closed.standing import posts_out_of_standing
from feedback.forum.consents.models import Use, columns
from feedback.forum.consents.queries import chosen_by
from feedback.forum.models import Confirmation, Post
from feedback.forum.posts.held import publish_held
from feedback.forum.posts.operations import change_state
from feedback.forum.votes.taking_back import take_back_wishes
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb


def may_confirm(person: object, post: Post) -> bool:
    """Whether ``person`` is the one for whom the agent acts that posted ``post``, which waits for them."""
    is_theirs = isinstance(person, User) and post.author.acts_for_id == person.pk
    return is_theirs and post.state == Post.State.WITNESS


def confirm_post(*, post: Post, human: User, uses: Collection[Use] = (), now: dt.datetime) -> bool:
    """Have ``human`` say of what their agent posted: it happened to me. Return whether it waited for that.

    The post is theirs from then on, with their vote, and counts as any post of theirs: they are one person, however many they
    confirm. What they agree to for what they post holds for it, and ``uses`` beside that. Raises `PermissionDenied` for anybody
    else, `Refusal` of one who is muted. Lock contract: the post's row.
    """
    refuse_muted(human, now=now)
    with transaction.atomic():
        stored = _waiting(post, human)
        if stored is None:
            return False
        Confirmation.objects.create(post=stored, agent=stored.author, confirmed_at=now)
        agreed = columns({*chosen_by(human), *uses})
        Post.objects.filter(pk=stored.pk).update(author=human, **agreed)
        stored.author = human
        publish_held(post=stored, now=now)
        _record(Verb.AGENT_CONFIRMED, stored, by=human, now=now)
    return True


def turn_down_post(*, post: Post, human: User, now: dt.datetime) -> bool:
    """Have ``human`` say that it did not happen to them: the post is withdrawn. Return whether it waited. Raises `PermissionDenied`."""
    with transaction.atomic():
        stored = _waiting(post, human)
        if stored is None:
            return False
        return change_state(
            post=stored,
            was=[Post.State.WITNESS],
            becomes=Post.State.WITHDRAWN,
            verb=Verb.AGENT_TURNED_DOWN,
            actor=human,
            now=now,
        )


def _waiting(post: Post, human: User) -> Post | None:
    """Return the row of ``post`` held, None where it waits no more."""
    held = Post.objects.select_for_update(no_key=True, of=("self",))
    stored = held.select_related("author", "board").get(pk=post.pk)
    if stored.author.acts_for_id != human.pk:
        if stored.author_id == human.pk:
            return None  # confirmed a moment ago
        raise PermissionDenied
    return stored if stored.state == Post.State.WITNESS else None


def follow(entry: Entry) -> None:
    """Have what an account posted, wants and felt count no more where it became an agent, and count again where it is none.

    Level-triggered: it goes by what the account is now. Lock contract: each post's row.
    """
    account = User.objects.filter(pk=entry.subject_id).first()
    if account is None:
        return
    if account.is_agent:
        for post in Post.objects.filter(author=account, state__in=SHOWN).order_by("pk"):
            put_where_it_belongs(post, now=entry.at)
        take_back_wishes(account, now=entry.at)
        return
    for post in Post.objects.filter(author=account, state=Post.State.WITNESS).order_by("pk"):
        put_where_it_belongs(post, now=entry.at)


def reconcile_standing(*, fix: bool, now: dt.datetime) -> int:
    """Return how many posts of agents are shown, or wait for whom nobody acts any more; with ``fix`` they stand as they should."""
    wrong = posts_out_of_standing()
    if not fix:
        return wrong.count()
    return sum(put_where_it_belongs(post, now=now) for post in wrong.order_by("pk"))


def put_where_it_belongs(post: Post, *, now: dt.datetime) -> bool:
    """Have a post that is read stand as its author's account says now; return whether it is read. Lock contract: its row."""
    if post.state == Post.State.WITNESS:
        was, verb = [Post.State.WITNESS], Verb.POST_SHOWN
    else:
        was, verb = list(SHOWN), Verb.POST_HIDDEN
    becomes = Post.State(post.state)
    return change_state(post=post, was=was, becomes=becomes, verb=verb, actor=None, now=now)


def _record(verb: Verb, post: Post, *, by: User, now: dt.datetime) -> None:
    journal.write(verb=verb, subject=post, actor_id=by.pk, now=now, data={"post": post.public_id})
