"""From one journal entry to a notice for everyone it concerns, each person once.

What "once" means is the notice's key. It names the thing told of, not the delivery: one visit of an item to a
stage (so what is reopened and shipped again is told again); one answer; one refusal; one comment. The database
keeps (person, key) unique, so a handler that is killed, repeated or run twice at once changes nothing for those
who were told. Who comes to an item late, because their ask was linked to it or joined into one it answers,
hears of the visit it is on, by the same key.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from feedback.accounts.models import Origin
from feedback.asks.models import Answer, Ask, Decision
from feedback.asks.people import people_behind
from feedback.asks.queries import resolve
from feedback.asks.stages import Stage
from feedback.forum.models import Comment, Post, Vote
from feedback.journal.models import Entry
from feedback.kernel import clock, markdown
from feedback.notify.models import Notice
from feedback.roadmap.models import ItemAsk
from feedback.roadmap.queries import followed

VERBS = frozenset(
    {
        "asks.ask-answered",
        "asks.ask-declined",
        "roadmap.item-adopted",
        "roadmap.item-moved",
        "roadmap.item-shipped",
        "roadmap.item-declined",
        "roadmap.ask-linked",
        "forum.commented",
        "asks.contest-refused",
    }
)
LATE = "roadmap.ask-linked"
BATCH = 1000
CHUNK = 500
EXCERPT = 240


def tell(entry: Entry) -> None:
    """Write the notices that ``entry`` calls for.

    Called inside the transaction that closes the dispatch. Whoever did it, anonymous authors and closed accounts
    are left out.
    """
    if entry.verb == "forum.commented":
        _tell_of_comment(entry)
        return
    if entry.verb == "asks.contest-refused":
        _tell_of_refused_contest(entry)
        return
    if entry.verb == LATE and entry.data["stage"] == Stage.UNDER_REVIEW:
        return  # it stands where they left it
    if entry.verb == LATE:
        ask_ids = [resolve(Ask.objects.get(public_id=entry.data["ask"])).pk]
    elif entry.verb.startswith("roadmap."):
        linked = ItemAsk.objects.filter(item=entry.subject_id).values_list("ask", flat=True)
        ask_ids = list(dict.fromkeys(followed(list(linked)).values()))
    else:
        ask_ids = [resolve(Ask.objects.get(pk=entry.subject_id)).pk]
    people = people_behind(ask_ids).filter(is_active=True).exclude(origin=Origin.ANONYMOUS)
    if entry.actor_id is not None:
        people = people.exclude(pk=entry.actor_id)
    person_ids: Iterable[int] = people.order_by("pk").values_list("pk", flat=True)
    if "decision" in entry.data:
        came_along = _people_who_came_along(entry.data["decision"], ask_ids)
        person_ids = (pk for pk in person_ids if pk in came_along)
    authors = set(
        Post.objects.filter(membership__ask__in=ask_ids, state=Post.State.PUBLISHED).values_list(
            "author", flat=True
        )
    )
    _write(
        entry,
        person_ids=person_ids,
        key=key_of(entry),
        data=_facts(entry),
        authors=authors,
    )


def key_of(entry: Entry) -> str:
    """Return what ``entry`` tells of, so that nobody hears of it twice."""
    data = entry.data
    match entry.verb:
        case "asks.ask-answered":
            return f"answer:{data['answer']}"
        case "asks.ask-declined":
            return f"ask-declined:{entry.public_id}"
        case "forum.commented":
            return f"comment:{data['comment']}"
        case _:
            return f"item:{data['item']}:{data['stage']}:{data['visit']}"


def _people_who_came_along(decision: str, ask_ids: list[int]) -> set[int]:
    """Return who is behind the posts that ``decision`` joined into one of these asks, if they are still there."""
    moved = [int(pk) for pk in Decision.objects.get(public_id=decision).before["memberships"]]
    people: set[int] = set()
    for start in range(0, len(moved), CHUNK):
        posts = Post.objects.filter(
            pk__in=moved[start : start + CHUNK],
            membership__ask__in=ask_ids,
            state=Post.State.PUBLISHED,
        )
        people.update(posts.values_list("author", flat=True))
        people.update(Vote.objects.filter(post__in=posts).values_list("person", flat=True))
    return people


def _tell_of_comment(entry: Entry) -> None:
    """Tell a post's author of a comment that is not their own and not the team's internal one."""
    comment = (
        Comment.objects.select_related("post__author", "author")
        .filter(public_id=entry.data["comment"])
        .first()
    )
    if comment is None or comment.is_internal or comment.is_hidden:
        return
    post, reader = comment.post, comment.post.author
    if (
        reader.pk == comment.author_id
        or not reader.can_be_told
        or post.state != Post.State.PUBLISHED
    ):
        return
    data = {
        "title": post.title,
        "post": post.public_id,
        "comment": comment.public_id,
        "by": comment.author.name,
        "is_official": comment.is_official,
        "excerpt": markdown.plain(comment.body, length=EXCERPT),
    }
    _write(entry, person_ids=[reader.pk], key=key_of(entry), data=data, authors={reader.pk})


def _tell_of_refused_contest(entry: Entry) -> None:
    """Tell an author that their post was put back into the ask they had taken it out of."""
    post = Post.objects.select_related("author").filter(public_id=entry.data["post"]).first()
    if post is None or not post.author.can_be_told or post.author_id == entry.actor_id:
        return
    data = {"title": post.title, "post": post.public_id, "ask_title": entry.data["ask_title"]}
    _write(
        entry,
        person_ids=[post.author_id],
        key=f"contest-refused:{entry.pk}",
        data=data,
        authors={post.author_id},
    )


def _facts(entry: Entry) -> dict[str, Any]:
    """Return what the sentences about ``entry`` need, as it is now."""
    kept = ("title", "item", "ask", "stage", "version", "came_from", "reason", "text")
    facts = {name: entry.data[name] for name in kept if entry.data.get(name)}
    if entry.verb == "asks.ask-answered":
        answer = Answer.objects.filter(public_id=entry.data["answer"]).first()
        facts["excerpt"] = markdown.plain(answer.body, length=EXCERPT) if answer else ""
    return facts


def _write(
    entry: Entry,
    *,
    person_ids: Iterable[int],
    key: str,
    data: dict[str, Any],
    authors: set[int],
) -> None:
    now = clock.now()
    for batch in _batches(person_ids):
        Notice.objects.bulk_create(
            [
                Notice(
                    person_id=pk,
                    key=key,
                    entry=entry,
                    data={**data, "asked": pk in authors},
                    told_at=now,
                )
                for pk in batch
            ],
            ignore_conflicts=True,
        )


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield batch
