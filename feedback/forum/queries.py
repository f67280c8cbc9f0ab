"""Reading the forum."""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from feedback.accounts.models import User
from feedback.accounts.permissions import is_moderator, is_team
from feedback.accounts.visits import last_visit
from feedback.forum.closed.reading import admitted, readable_by
from feedback.forum.closed.standing import shown_on
from feedback.forum.models import (
    Allowed,
    Board,
    BoardMember,
    Comment,
    Post,
    Product,
    Reaction,
    Vote,
)
from feedback.forum.products.queries import within
from feedback.forum.rights.reading import boards_kept_by
from feedback.forum.votes.models import BY_PEOPLE
from feedback.journal.models import Entry
from feedback.journal.queries import history_of
from feedback.journal.verbs import Verb

Person = User | AnonymousUser
Sort = Literal["hot", "new", "top", "unanswered", "mine", "unread", "followed"]

#: Ties go to the lower id: so the database may read each order straight from its index.
_ORDERS: dict[str, tuple[str | OrderBy, ...]] = {
    "hot": ("-hotness", "id"),
    "new": ("-posted_at", "id"),
    "top": (BY_PEOPLE, "-posted_at", "id"),
    "unanswered": ("-posted_at", "id"),
    "mine": ("-posted_at", "id"),
    "unread": ("-last_activity_at", "id"),
    "followed": ("-last_activity_at", "id"),
}
SORTS: tuple[str, ...] = tuple(_ORDERS)
#: The last comments of the site, among which those of a page are looked for; more where these are not enough.
_LOOKED_AT = (100, 1_000)


def grouped_posts(product: Product | None = None) -> QuerySet[Post]:
    """Return the posts that take part in grouping, of one product or of all."""
    grouped = Post.objects.filter(state=Post.State.PUBLISHED, board__is_grouped=True)
    return grouped.filter(within(product, "board__product"))


def imported_posts(source: str, external_ids: Iterable[str]) -> QuerySet[Post]:
    """Return the posts that an import brought from ``source`` under these ids.

    The index holds posts with an id alone: said so, SQLite finds them by it, and reads all posts otherwise.
    """
    found = Post.objects.filter(source=source, external_id__in=list(external_ids))
    return found.exclude(external_id="")


def posts_visible_to(person: Person) -> QuerySet[Post]:
    """Return the posts that ``person`` may know of.

    Published ones, and what stands on closed boards that they read; one that is hidden, held, removed or withdrawn only its
    author and the team.
    """
    return Post.objects.filter(admitted(person))


def listing(
    sort: str = "hot",
    *,
    board: Board | None = None,
    product: Product | None = None,
    person: Person | None = None,
) -> QuerySet[Post]:
    """Return what is shown in the order of ``sort``, on ``board`` or of ``product`` alone if one is given.

    What stands on a closed board is listed there alone: whoever asks for that board was let in. "unanswered" keeps those
    without an official comment; "mine" those that ``person`` wrote, hidden ones too; "unread" those in which something was said
    since ``person`` was here before; whoever asks for "followed" narrows it to what they follow.
    Raises `KeyError` for an unknown sort.
    """
    order = _ORDERS[sort]
    if sort == "mine":
        if not isinstance(person, User):
            return Post.objects.none()
        posts = posts_visible_to(person).filter(author=person).exclude(state=Post.State.WITHDRAWN)
    else:
        state = shown_on(board) if board is not None else Post.State.PUBLISHED
        posts = Post.objects.filter(state=state)
    if sort == "unanswered":
        posts = posts.filter(is_answered=False)
    if sort == "unread":
        before = last_visit(person) if person is not None else None
        posts = posts.filter(last_activity_at__gt=before) if before is not None else posts.none()
    if board is not None:
        posts = posts.filter(board=board)
    return posts.filter(within(product, "board__product")).order_by(*order)


def posts_of(author: User, *, reader: Person) -> QuerySet[Post]:
    """Return what ``author`` wrote, as far as ``reader`` may see it, newest first."""
    posts = Post.objects.filter(author=author).order_by("-posted_at", "id")
    if author == reader:
        return posts.filter(admitted(reader)).exclude(state=Post.State.WITHDRAWN)
    if author.is_agent:
        return posts.filter(admitted(reader), state=Post.State.WITNESS)
    return posts.filter(state=Post.State.PUBLISHED)


def boards_with_counts(person: Person, product: Product | None = None) -> QuerySet[Board]:
    """Return the boards that are in use and that ``person`` may read, product by product; each has its ``post_count``."""
    boards = Board.objects.filter(readable_by(person), within(product), is_archived=False)
    return boards.order_by("product__position", "product", "position", "id")


def boards_open_to(person: Person, product: Product | None = None) -> QuerySet[Board]:
    """Return the boards, of one product or of all, that ``person`` may post on; a visitor sees those of a member."""
    boards = boards_with_counts(person, product).exclude(posters=Allowed.NOBODY)
    if is_moderator(person):
        return boards
    may = Q(posters=Allowed.MEMBERS)
    if isinstance(person, User):
        named = BoardMember.objects.filter(person=person, left_at=None).values("board")
        may |= Q(posters=Allowed.RING, pk__in=named) | boards_kept_by(person)
    return boards.filter(may)


def voted_ids(person: Person, posts: Iterable[Post]) -> set[int]:
    """Return the primary keys of those of ``posts`` that ``person`` wants."""
    if not isinstance(person, User):
        return set()
    pks = [post.pk for post in posts]
    if not pks:
        return set()
    return set(Vote.objects.filter(person=person, post__in=pks).values_list("post_id", flat=True))


def comments_of(post: Post, *, reader: Person) -> QuerySet[Comment]:
    """Return the comments under ``post`` that ``reader`` may see, with their authors: oldest first, each with its answers.

    What its author took back stays as a place alone, while there are answers to it.
    """
    comments = Comment.objects.filter(post=post).select_related(
        "author", "reply_to__author", "rendered"
    )
    answers = Comment.objects.filter(reply_to=OuterRef("pk"), withdrawn_at=None)
    may_see = Q(withdrawn_at=None)
    if not is_team(reader):
        answers, may_see = answers.filter(shown_to(reader)), shown_to(reader)
    held_open = Q(withdrawn_at__isnull=False, is_internal=False) & Exists(answers)
    comments = comments.filter(may_see | held_open)
    began = Coalesce("reply_to__posted_at", "posted_at")
    thread = Coalesce("reply_to_id", "pk")
    return comments.order_by(began, thread, F("reply_to").asc(nulls_first=True), "posted_at", "id")


def shown_to(reader: Person) -> Q:
    """Return the condition that ``reader``, who is not of the team, may see a comment; hidden ones their own, and where they keep order."""
    shown = Q(is_hidden=False)
    if isinstance(reader, User):
        shown |= Q(author=reader, withdrawn_at=None)
        if reader.is_part_moderator:
            kept = Board.objects.filter(boards_kept_by(reader)).values("pk")
            shown |= Q(post__board__in=kept, withdrawn_at=None)
    return shown & Q(is_internal=False)


def comments_before(comment: Comment, *, reader: Person) -> int:
    """Return how many comments of its post ``reader`` meets before ``comment``."""
    pks = list(comments_of(comment.post, reader=reader).values_list("pk", flat=True))
    return pks.index(comment.pk) if comment.pk in pks else 0


def whole(title: str, body: str) -> str:
    """Return title and details as one text."""
    return f"{title}\n\n{body}".strip()


def said_before(post: Post) -> list[tuple[dt.datetime, str]]:
    """Return until when ``post`` said something else, and what, the latest first; the journal keeps it."""
    found: list[tuple[dt.datetime, str]] = []
    title, body = post.title, post.body
    for edit in history_of(post).filter(verb=Verb.POST_EDITED):
        after, was = whole(title, body), edit.data["before"]
        title, body = was.get("title", title), was.get("body", body)
        if whole(title, body) != after:  # else its kind or version changed
            found.append((edit.at, whole(title, body)))
    return found


def edits_of(comment: Comment) -> list[Entry]:
    """Return the entries of the journal that keep what ``comment`` said before, the latest first."""
    edits = history_of(comment.post).filter(verb=Verb.COMMENT_EDITED)
    return list(edits.filter(data__comment=comment.public_id))


def reactions_to(
    comments: Iterable[Comment], *, reader: Person
) -> dict[int, dict[str, tuple[int, bool]]]:
    """Return by comment and kind how many people reacted so, and whether ``reader`` did."""
    rows = Reaction.objects.filter(comment__in=[comment.pk for comment in comments])
    own = Count("pk", filter=Q(person=reader.pk))
    found: dict[int, dict[str, tuple[int, bool]]] = {}
    for pk, kind, number, mine in (
        rows.order_by()
        .values("comment", "kind")
        .annotate(n=Count("pk"), own=own)
        .values_list("comment", "kind", "n", "own")
    ):
        found.setdefault(pk, {})[kind] = (number, bool(mine))
    return found


def official_answer_to(post: Post) -> Comment | None:
    """Return the newest official comment that is shown, with its author."""
    return (
        Comment.objects.filter(post=post, is_official=True, is_hidden=False)
        .select_related("author", "reply_to__author")
        .order_by("posted_at", "id")
        .last()
    )


def wanted_by(person: User) -> QuerySet[Post]:
    """Return the posts of others that ``person`` wants, the last ones wanted first."""
    wanted = Post.objects.filter(votes__person=person, state=Post.State.PUBLISHED)
    return wanted.exclude(author=person).order_by("-votes__voted_at", "-pk")


def latest_comments(product: Product | None = None, *, most: int) -> list[Comment]:
    """Return what was said last under public posts, one comment a post and one a person, with authors and posts.

    Looked for among the last of the whole site, and more of them where these are of one talk or of another product: asked for
    the post's state and product too, a database reads every comment.
    """
    said = Comment.objects.filter(is_internal=False, is_hidden=False, arrived_at=None)
    said = said.order_by("-posted_at", "-pk")
    shown = Post.objects.filter(within(product, "board__product"), state=Post.State.PUBLISHED)
    found: list[int] = []
    for number in _LOOKED_AT:
        last = list(said.values_list("pk", "post", "author")[:number])
        posts = {post for _, post, _ in last}
        public = set(shown.filter(pk__in=posts).values_list("pk", flat=True))
        found = _one_each((row for row in last if row[1] in public), most=most)
        if len(found) == most or len(last) < number:
            break
    wanted = Comment.objects.select_related("author", "post").defer("post__body", "post__fields")
    by_key = wanted.in_bulk(found)
    return [by_key[pk] for pk in found if pk in by_key]


def _one_each(said: Iterable[tuple[int, int, int]], *, most: int) -> list[int]:
    """Return the first ``most`` of ``said`` (comment, post, author), one a post and one a person."""
    found: list[int] = []
    posts, people = set[int](), set[int]()
    for comment, post, author in said:
        if post not in posts and author not in people:
            found.append(comment)
            posts.add(post)
            people.add(author)
            if len(found) == most:
                break
    return found


def said_by(person: User) -> QuerySet[Comment]:
    """Return the comments of ``person`` that everybody may read, with their posts, the latest first."""
    said = Comment.objects.filter(
        author=person, is_internal=False, is_hidden=False, withdrawn_at=None
    )
    public = said.filter(post__state=Post.State.PUBLISHED).order_by("-posted_at", "-pk")
    return public.select_related("post").defer("post__body", "post__fields")


def accepted_answers_of(person: User) -> int:
    """Return how many questions of others were answered by a comment of ``person``, as who asked or the team says.

    Asked for the state too, SQLite reads every post instead of what the person said.
    """
    answered = Post.objects.filter(accepted__author=person).values_list("state", "author")
    return sum(state == Post.State.PUBLISHED and author != person.pk for state, author in answered)
