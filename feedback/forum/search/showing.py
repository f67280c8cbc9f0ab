"""A page of what was found: rows with the words marked in them, and why each is there."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import Post
from feedback.forum.posts import listing
from feedback.forum.posts.listing import PostRow
from feedback.forum.search.finding import Hit, Other, Results, Search, Why

#: In the words of the reader. Of a hit with all words it is said where they stand.
_REASONS: dict[Why, str | Promise] = {
    Why.BEGINS: _("Your words, or longer ones"),
    Why.SLIP: _("Spelled or sounds nearly so"),
    Why.NAME: _("By another name"),
    Why.MEANING: _("Near in meaning"),
    Why.SOME: _("Some of your words"),
}
_UNMARKED = SafeString("")
_IN_TITLE, _IN_TEXT = _("Your words in the title"), _("Your words in the text")


@dataclass(frozen=True, slots=True)
class FoundRow(PostRow):
    """A post as a search shows it; ``marked_title`` and ``excerpt`` have its words marked, ``why`` is a sentence."""

    marked_title: SafeString = _UNMARKED
    why: str | Promise = ""
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is in the list, as _why.html says it."""

    why: str | Promise
    is_near: bool = False


def shown(
    request: HttpRequest, search: Search, results: Results, entries: Sequence[Hit | Other]
) -> list[FoundRow | Other]:
    """Return ``entries`` of one page, posts as rows."""
    hits = {entry.pk: entry for entry in entries if isinstance(entry, Hit)}
    marker = replace(search, meant=results.meant).marker
    found = Post.objects.select_related("board", "author").defer("fields").in_bulk(list(hits))
    posts = [found[pk] for pk in hits if pk in found]
    rows: dict[int, FoundRow] = {}
    for row in listing.dressed(request, posts):
        post = row.post
        title = marker.mark(post.title)
        why = hits[post.pk].why
        plain = {one.name: getattr(row, one.name) for one in fields(PostRow)}
        rows[post.pk] = FoundRow(
            **plain | {"excerpt": marker.excerpt(post.title, post.body)},
            marked_title=title,
            why=reason_of(why, title).why,
            is_near=why in (Why.NAME, Why.MEANING),
        )
    return [
        entry if isinstance(entry, Other) else rows[entry.pk]
        for entry in entries
        if isinstance(entry, Other) or entry.pk in rows
    ]


def reason_of(why: Why, title: SafeString, *, elsewhere: str | Promise = _IN_TEXT) -> Reason:
    """Return why a hit with this marked ``title`` is there; with all words that are not in it, they are ``elsewhere``."""
    if why == Why.WORDS:
        return Reason(_IN_TITLE if "<mark>" in title else elsewhere)
    return Reason(_REASONS.get(why, ""), is_near=why in (Why.NAME, Why.MEANING))
