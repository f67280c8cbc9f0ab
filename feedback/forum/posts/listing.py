"""A page of posts, ready to be shown: rows, the reader's votes, asks and stages, in a fixed number of queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.http import Http404, HttpRequest
from django.utils.translation import gettext, pgettext

from feedback.accounts.models import User
from feedback.accounts.visits import last_visit
from feedback.forum import queries
from feedback.forum.models import Board, Comment, Post, Product
from feedback.kernel import markdown, slots
from feedback.kernel.drawn import drawn_as

PAGE_SIZE = 25
#: Nobody leafs further; the search goes further.
LAST_PAGE = 1_000
_EXCERPT_LENGTH = 160


@dataclass(frozen=True, slots=True)
class PostAsk:
    """What a row says of the ask of a post: fills the slot "post-ask".

    Of a post in none only the stage is known, of one that nobody reviews not even that (""). ``has_new_answer``: by somebody
    else, since the reader was here before.
    """

    stage: str = "UNDER_REVIEW"
    url: str = ""
    title: str = ""
    post_count: int = 0
    people_count: int = 0
    is_answered: bool = False
    has_new_answer: bool = False


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as forum/posts/_post_row.html shows it to one reader: whether they ``voted``, its first words.

    ``news`` says what is new since they were here before: "POST" it all, "ANSWERED" what the team says to its
    ask, "SAID" something under it, "" nothing.
    """

    post: Post
    voted: bool
    ask: PostAsk = PostAsk()
    excerpt: str = ""
    news: str = ""


@dataclass(frozen=True)
class Page:
    """One page of a list that is never counted: it only knows whether another page follows."""

    rows: Sequence[Any]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1


@dataclass(frozen=True)
class PostPage(Page):
    """A page of posts.

    ``fingerprint`` names all that its rows show to a visitor, so that equal pages are drawn once a minute; it
    is empty for a member, whose rows hold forms of their own.
    """

    rows: Sequence[PostRow]
    fingerprint: str = ""


def page_number(request: HttpRequest) -> int:
    """Return the page that ``?page=`` asks for; raises `Http404` for what is no page."""
    try:
        number = int(request.GET.get("page", "1"))
    except ValueError:
        raise Http404 from None
    if not 1 <= number <= LAST_PAGE:
        raise Http404
    return number


def keys_of_page(request: HttpRequest, rows: QuerySet[Any]) -> tuple[list[int], int, bool]:
    """Return the keys of the page of ``rows`` that ``request`` asks for, its number, and whether another follows.

    From an index alone, so that a far page reads no rows that it does not show. Raises `Http404` past the end.
    """
    number = page_number(request)
    start = (number - 1) * PAGE_SIZE
    pks = list(rows.values_list("pk", flat=True)[start : start + PAGE_SIZE + 1])
    if not pks and number > 1:
        raise Http404
    return pks[:PAGE_SIZE], number, len(pks) > PAGE_SIZE


def page_of(request: HttpRequest, posts: QuerySet[Post], *, with_excerpt: bool = False) -> PostPage:
    """Return the page of ``posts`` that ``request`` asks for. The keys come first."""
    pks, number, has_next = keys_of_page(request, posts)
    return page_with(request, pks, number=number, has_next=has_next, with_excerpt=with_excerpt)


def page_with(
    request: HttpRequest,
    pks: Sequence[int],
    *,
    number: int,
    has_next: bool,
    with_excerpt: bool = False,
) -> PostPage:
    """Return a page of the posts ``pks`` in that order."""
    rows = rows_of(request, pks, with_excerpt=with_excerpt)
    return PostPage(rows, number, has_next, _fingerprint(request, rows))


def rows_of(
    request: HttpRequest, pks: Sequence[int], *, with_excerpt: bool = False
) -> list[PostRow]:
    """Return the posts ``pks`` in that order with author and board. Bodies stay unread."""
    wanted = (
        Post.objects.filter(pk__in=pks).select_related("author", "board").defer("body", "fields")
    )
    if with_excerpt:
        wanted = wanted.annotate(beginning=Left("body", _EXCERPT_LENGTH * 2))
    found = {post.pk: post for post in wanted}
    posts = [found[pk] for pk in pks if pk in found]
    excerpts = {post.pk: _excerpt(post) for post in posts} if with_excerpt else {}
    return dressed(request, posts, excerpts=excerpts)


def dressed(
    request: HttpRequest,
    posts: Sequence[Post],
    *,
    excerpts: Mapping[int, str] | None = None,
    voted: Collection[int] | None = None,
) -> list[PostRow]:
    """Return ``posts`` as rows, with the reader's votes, where these are not known, and what the room of the asks knows of them."""
    if voted is None:
        voted = queries.voted_ids(request.user, posts)
    asks: Mapping[int, PostAsk] = slots.gather("post-ask", request, posts)
    news = _news(request.user, posts, asks)
    first_words = excerpts or {}
    return [
        PostRow(
            post,
            voted=post.pk in voted,
            ask=asks.get(post.pk) or PostAsk(_stage_without_ask(post)),
            excerpt=first_words.get(post.pk, ""),
            news=news.get(post.pk, ""),
        )
        for post in posts
    ]


def _news(
    reader: queries.Person, posts: Sequence[Post], asks: Mapping[int, PostAsk]
) -> dict[int, str]:
    """Return what is new to ``reader`` in each of ``posts``; what they wrote themselves is not."""
    before = last_visit(reader)
    if before is None:
        return {}
    fresh = [post for post in posts if post.last_activity_at > before]
    found = {
        post.pk: "POST" for post in fresh if post.posted_at > before and post.author_id != reader.pk
    }
    answered = (post.pk for post in posts if post.pk in asks and asks[post.pk].has_new_answer)
    found = dict.fromkeys(answered, "ANSWERED") | found
    talked_in = [post.pk for post in fresh if post.pk not in found and post.comment_count]
    if talked_in:
        said = Comment.objects.filter(
            post__in=talked_in, posted_at__gt=before, is_internal=False, is_hidden=False
        )
        others = said.exclude(author=reader.pk).values_list("post", flat=True).distinct()
        found |= dict.fromkeys(others, "SAID")
    return found


def _stage_without_ask(post: Post) -> str:
    """Under review, unless it is never grouped, or praise: that asks for nothing."""
    is_reviewed = post.board.is_grouped and post.state != Post.State.INSIDE
    is_reviewed = is_reviewed and post.kind != Post.Kind.PRAISE
    return "UNDER_REVIEW" if is_reviewed else ""


def _excerpt(post: Any) -> str:
    """Return how ``post``, read with its ``beginning``, goes on after its title."""
    beginning = markdown.plain(post.beginning, length=_EXCERPT_LENGTH)
    return "" if beginning == post.title else beginning


def _fingerprint(request: HttpRequest, rows: Sequence[PostRow]) -> str:
    """Return a name for what ``rows`` show to this reader, "" if it is theirs alone."""
    if isinstance(request.user, User):
        return ""
    shown: list[object] = [request.get_full_path()]
    for row in rows:
        post = row.post
        shown += [post.pk, post.vote_count, post.comment_count, post.is_answered, post.edited_at]
        shown += [post.is_locked]
        shown.append(row.ask)
    return drawn_as(*shown)


#: Orders that are a member's own.
_OWN_SORTS = {"mine", "unread", "followed"}


def sort_of(request: HttpRequest) -> str:
    """Return the order that ``?sort=`` asks for; "hot" when it asks for none that there is."""
    sort = request.GET.get("sort", "hot")
    if sort in _OWN_SORTS and not isinstance(request.user, User):
        return "hot"
    return sort if sort in {*queries.SORTS, *_OWN_SORTS} else "hot"


def posts_in(
    request: HttpRequest, sort: str, *, board: Board | None = None, product: Product | None = None
) -> QuerySet[Post]:
    """Return the posts that ``sort`` shows whoever asks: those of `queries.listing`, or what they follow, the last talked of first.

    What the team answered in the ask of a post is no longer unanswered.
    """
    reader = request.user.pk or 0
    if sort != "followed":
        posts = queries.listing(sort, board=board, product=product, person=request.user)
        answered: Q | None = None
        if sort == "unanswered":
            answered = slots.gather("answered-posts", request, [request.user]).get(reader)
        return posts.exclude(answered) if answered is not None else posts
    active = queries.listing("followed", board=board, product=product)
    followed: Q | None = slots.gather("followed-posts", request, [request.user]).get(reader)
    return active.filter(followed) if followed is not None else active.none()


def tabs_of(
    request: HttpRequest, current: str, *, keep: Mapping[str, str] | None = None
) -> list[tuple[str, str, bool]]:
    """Return ``[(address, label, is current)]`` for the orders of a list of posts; ``keep`` stays in each address."""
    kept = dict(keep or {})
    labels = {
        "hot": pgettext("order of posts", "Hot"),
        "new": pgettext("order of posts", "New"),
        "top": pgettext("order of posts", "Most wanted"),
        "unanswered": pgettext("order of posts", "Unanswered"),
    }
    if isinstance(request.user, User):
        if last_visit(request.user) is not None:
            labels["unread"] = gettext("Since your last visit")
        labels |= {"followed": gettext("Followed"), "mine": gettext("Mine")}
    return [
        (
            f"?{urlencode(({} if sort == 'hot' else {'sort': sort}) | kept)}"
            if kept or sort != "hot"
            else request.path,
            label,
            sort == current,
        )
        for sort, label in labels.items()
    ]
