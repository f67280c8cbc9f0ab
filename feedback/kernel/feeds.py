"""Feeds: what a page lists, for programs that look now and then; Atom (RFC 4287), and RSS 2.0 where it is asked for."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from typing import Any, Concatenate, ParamSpec
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.urls import is_valid_path
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.http import quote_etag
from django.utils.translation import get_language, override

from feedback.kernel.identity import Identity, identity
from feedback.kernel.pictures.drawing import SIZE as PICTURE_SIZE

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

#: What an address says that wants RSS: ``?format=rss``.
FORMAT, RSS = "format", "rss"
_TYPES = {True: "application/rss+xml", False: "application/atom+xml"}
#: Entries of a feed, and seconds that a process keeps what it wrote of one.
ENTRIES = 30
_KEPT_SECONDS = 600


@dataclass(frozen=True)
class FeedEntry:
    """One entry. ``key`` names it for ever; ``html`` is safe; ``path`` leads to its page, ``picture`` to what others show of that, "" for nothing."""

    key: str
    title: str
    path: str
    html: str
    at: dt.datetime
    changed_at: dt.datetime
    author: str = ""
    picture: str = ""


def picture_of(path: str) -> str:
    """Return where the page at ``path`` is drawn as a picture, in the language in force; "" for a page that is not."""
    page = urlsplit(path)
    drawn = f"{page.path}picture.png"
    if not is_valid_path(drawn):
        return ""
    query = [*parse_qsl(page.query), ("language", get_language() or "")]
    return f"{drawn}?{urlencode(query)}"


def feed(
    request: HttpRequest,
    *,
    title: str,
    path: str,
    version: object,
    entries: Callable[[], Iterable[FeedEntry]],
    kept: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer with the feed of the page at ``path``; "not modified" to whoever has it as of ``version`` already.

    ``entries`` is called only where the feed has changed: while ``version`` is the same, so is the feed. Of what an
    address says besides its path it is only the language, the format and ``kept`` that make another feed.
    """
    is_rss = request.GET.get(FORMAT) == RSS
    said = urlencode(
        {**(kept or {}), "language": get_language() or ""} | ({FORMAT: RSS} if is_rss else {})
    )
    address = f"{settings.BASE_URL}{request.path}?{said}"
    site = identity()
    digest = blake2b(f"{address}\n{version}\n{site}".encode(), digest_size=12).hexdigest()
    unchanged = get_conditional_response(request, etag=quote_etag(digest))
    if unchanged is not None:
        return HttpResponse(status=unchanged.status_code, headers=unchanged.headers)
    cache = caches["template_fragments"]
    written = cache.get(f"feed.{digest}")
    if written is None:
        written = _written(site, address, title=title, path=path, entries=entries(), is_rss=is_rss)
        cache.set(f"feed.{digest}", written, _KEPT_SECONDS)
    return HttpResponse(
        written,
        content_type=f"{_TYPES[is_rss]}; charset=utf-8",
        headers={"ETag": quote_etag(digest), "Cache-Control": "no-cache"},
    )


def in_its_language(view: View[P]) -> View[P]:
    """Have a view speak the language that the address names, if it is one of ours: programs and frames have none."""

    @wraps(view)
    def spoken(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        wanted = request.GET.get("language", "")
        language = wanted if wanted in dict(settings.LANGUAGES) else get_language()
        with override(language):
            return view(request, *args, **kwargs)

    return spoken


#: Media RSS, which readers of both formats know; every picture is drawn in this size.
_MEDIA = {"xmlns:media": "http://search.yahoo.com/mrss/"}
_PICTURE = {
    "medium": "image",
    "type": "image/png",
    "width": str(PICTURE_SIZE[0]),
    "height": str(PICTURE_SIZE[1]),
}


def _add_picture(handler: Any, item: Mapping[str, Any]) -> None:
    if item["picture"]:
        handler.addQuickElement("media:content", "", {"url": item["picture"], **_PICTURE})


class _Rss(Rss201rev2Feed):
    """A feed with the pictures of what it lists."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), **_MEDIA}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        _add_picture(handler, item)


class _Atom(Atom1Feed):
    """A feed that shows the sign of the site it is of, and the pictures of what it lists."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), **_MEDIA}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        _add_picture(handler, item)

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for name in ("icon", "logo"):
            if self.feed[name]:
                handler.addQuickElement(name, settings.BASE_URL + self.feed[name])


def _written(
    site: Identity,
    address: str,
    *,
    title: str,
    path: str,
    entries: Iterable[FeedEntry],
    is_rss: bool,
) -> bytes:
    page = settings.BASE_URL + path
    made = (_Rss if is_rss else _Atom)(
        title=f"{title} · {site.called}",
        subtitle=site.described,
        icon=site.icon_path,
        logo=site.logo_path,
        link=page,
        description=title if is_rss else "",
        language=get_language(),
        author_name=site.called,
        feed_url=address,
        feed_guid=_tag(path),
    )
    for one in entries:
        made.add_item(
            title=one.title,
            link=settings.BASE_URL + one.path,
            description=one.html,
            author_name=one.author or None,
            pubdate=one.at,
            updateddate=one.changed_at,
            unique_id=_tag(one.key),
            unique_id_is_permalink=False,
            picture=settings.BASE_URL + one.picture if one.picture else "",
        )
    written: bytes = made.writeString("utf-8").encode()
    return written


def _tag(key: str) -> str:
    """Return a name that stays whatever the address becomes (RFC 4151)."""
    return f"tag:{urlsplit(settings.BASE_URL).hostname},2026:{key}"
