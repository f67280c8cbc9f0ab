"""What stands in the feeds."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.models import Ask
from feedback.asks.queries import sources_of
from feedback.forum.closed.standing import shown_on
from feedback.forum.models import Board, Post, Product
from feedback.forum.products.queries import news_within
from feedback.forum.queries import comments_of, posts_of, posts_visible_to
from feedback.forum.search.finding import Search
from feedback.forum.search.newest import newest
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import markdown
from feedback.kernel.feeds import ENTRIES, FeedEntry, picture_of
from feedback.notify import happenings
from feedback.notify.happenings import Group, without_addresses
from feedback.roadmap.models import Item
from feedback.roadmap.queries import items_of

#: Journal entries that are looked at for one feed: of another product, hidden or old news, some fall out.
LOOKED_AT = 4 * ENTRIES


def new_posts(*, product: Product | None = None, board: Board | None = None) -> Iterator[FeedEntry]:
    """Yield the newest posts, of a product or a board where one is given."""
    there = news_within(product, "board__product") if board is None else Q(board=board)
    return of_posts(Post.objects.filter(there, state=Post.State.PUBLISHED))


def inside(board: Board) -> Iterator[FeedEntry]:
    """Yield the newest posts that are shown to whoever reads ``board``."""
    return of_posts(Post.objects.filter(board=board, state=shown_on(board)), has_pictures=False)


def of_person(person: User) -> Iterator[FeedEntry]:
    """Yield the newest posts that ``person`` wrote."""
    return of_posts(posts_of(person, reader=AnonymousUser()))


def of_search(search: Search) -> Iterator[FeedEntry]:
    """Yield the newest posts that have all the words of ``search`` and pass its filters."""
    found = newest(search, most=LOOKED_AT)
    return of_posts(posts_visible_to(AnonymousUser()).filter(pk__in=found))


def of_posts(posts: QuerySet[Post], *, has_pictures: bool = True) -> Iterator[FeedEntry]:
    """Yield the newest of ``posts``. What stands on a closed board has no picture: those are everyone's."""
    for post in posts.select_related("author").order_by("-posted_at", "-pk")[:ENTRIES]:
        one = _of_post(post)
        yield replace(one, picture=picture_of(one.path)) if has_pictures else one


def _of_post(post: Post) -> FeedEntry:
    return FeedEntry(
        key=f"post:{post.public_id}",
        title=without_addresses(post.title),
        path=reverse("forum:post-detail", args=[post.public_id]),
        html=without_addresses(str(markdown.render(post.body))),
        at=post.posted_at,
        changed_at=post.edited_at or post.posted_at,
        author=without_addresses(post.author.name),
    )


def of_comments(post: Post) -> Iterator[FeedEntry]:
    """Yield what was said last under ``post``."""
    said = comments_of(post, reader=AnonymousUser()).filter(withdrawn_at=None)
    for one in said.order_by("-posted_at", "-pk")[:ENTRIES]:
        name = without_addresses(one.author.name)
        yield FeedEntry(
            key=f"comment:{one.public_id}",
            title=_("%(name)s on “%(title)s”")
            % {"name": name, "title": without_addresses(post.title)},
            path=reverse("forum:comment-detail", args=[one.public_id]),
            html=without_addresses(str(markdown.render(one.body))),
            at=one.posted_at,
            changed_at=one.edited_at or one.posted_at,
            author=name,
        )


def of_groups(groups: Collection[str], *, product: Product | None) -> Iterator[FeedEntry]:
    """Yield what happened of these groups of happenings, newest first."""
    verbs = [verb for verb, kind in happenings.by_verb().items() if kind.group in groups]
    # Or the many comments of everybody would leave no room for the team's.
    unofficial = Q(verb=Verb.COMMENTED, data__is_official=False)
    entries = Entry.objects.filter(verb__in=verbs).exclude(unofficial)
    return _told(entries, product=product, names_it=True)


def of_ask(ask: Ask) -> Iterator[FeedEntry]:
    """Yield what happened to ``ask``, to what was joined into it and to the item that answers it, newest first."""
    item = items_of([ask]).get(ask.pk)
    about = Q(subject_type=Ask._meta.label_lower, subject_id__in=list(sources_of([ask.pk])))
    if item is not None:
        about |= Q(subject_type=Item._meta.label_lower, subject_id=item.pk)
    entries = Entry.objects.filter(about, verb__in=list(happenings.by_verb()))
    return _told(entries, product=ask.product, names_it=False)


def _told(
    entries: QuerySet[Entry], *, product: Product | None, names_it: bool
) -> Iterator[FeedEntry]:
    news = entries.filter(data__is_old__isnull=True).order_by("-pk")
    found = _with_happenings(news[:LOOKED_AT], product)
    for _at, (entry, happening) in zip(range(ENTRIES), found, strict=False):
        line = happening.line
        words = format_html("<p>{}</p>", happening.excerpt) if happening.excerpt else ""
        yield FeedEntry(
            key=f"{happenings.by_verb()[entry.verb].name}:{entry.public_id}",
            title=f"{line} · {happening.title}" if names_it else line,
            path=happening.path,
            html=words or escape(happening.title),
            at=entry.at,
            changed_at=entry.at,
            picture=picture_of(happening.path),
        )


def _with_happenings(
    entries: Iterable[Entry], product: Product | None
) -> Iterator[tuple[Entry, happenings.Happening]]:
    for entry in entries:
        happening = happenings.of_entry(entry)
        if happening is None:
            continue
        # Of all products, what samples make up is no news, and what is closed not everybody's.
        of_all = not (happening.product.sample or happening.product.is_closed)
        if happening.product == product or (product is None and of_all):
            yield entry, happening


#: What the team says, and how far things have come.
ANSWERS = (Group.ANSWERS,)
ROADMAP = (Group.ROADMAP, Group.RELEASES)
