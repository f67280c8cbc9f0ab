"""What a card says, how its page names it, and its answer."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.accounts import limits
from feedback.forum.cards import keeping
from feedback.forum.models import Board
from feedback.forum.posts.listing import PostRow
from feedback.kernel import clock
from feedback.kernel.identity import at_home
from feedback.kernel.pictures.drawing import SIZE, Card, Place
from feedback.ui.templatetags.wording import stage_label, stations

#: Pictures that are drawn for one address; those that are drawn already are not counted.
_DRAWN = limits.Rate("card", 30, dt.timedelta(minutes=1))


@dataclass(frozen=True)
class Sharing:
    """What the head of a page says to whoever shows a link to it."""

    title: str
    about: str
    page_url: str
    picture_url: str
    picture_alt: str
    width: int = SIZE[0]
    height: int = SIZE[1]


def sharing(
    card: Card,
    *,
    page: str,
    picture: str,
    about: str = "",
    is_everyones: bool = True,
) -> Sharing | None:
    """Return what the page at ``page`` says of itself, with the picture of ``card`` at ``picture``; None where it is not everyone's.

    The address of the picture names what it shows, so that who kept it before asks again when that changes.
    """
    if not is_everyones:
        return None
    joint = "&" if "?" in picture else "?"
    return Sharing(
        title=card.title,
        about=about or " ".join(card.lines),
        page_url=at_home(page),
        picture_url=at_home(f"{picture}{joint}v={card.key[:12]}"),
        picture_alt=". ".join(
            filter(None, [card.headline, card.title, *card.lines, card.place.word])
        ),
    )


def picture_of(request: HttpRequest, card: Card) -> HttpResponse:
    """Answer with the picture of ``card``. Who has many drawn waits a minute."""
    raw = keeping.kept(card)
    if raw is None:
        if limits.is_over(_DRAWN, request, now=clock.now()):
            return HttpResponse(status=429, headers={"Retry-After": "60"})
        raw = keeping.drawn(card)
    is_named = request.GET.get("v") == card.key[:12]
    response = HttpResponse(raw, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={86400 if is_named else 600}"
    response["ETag"] = f'"{card.key}"'
    return response


def placed(stage: str) -> Place:
    """Return where ``stage`` stands on the line of stages; "" takes no line."""
    if not stage:
        return Place()
    line = stations(stage)
    here = next((at for at, one in enumerate(line, start=1) if one["state"] == "here"), 0)
    return Place(stage_label(stage), here, len(line))


def people_want(number: int) -> str:
    """Return in words how many people want something."""
    return ngettext("%(people)s person wants it", "%(people)s people want it", number) % {
        "people": number_format(number, force_grouping=True)
    }


def card_of_post(row: PostRow) -> Card:
    """Return the card of a post: its board, its title, how many want it and how many answered, and its stage."""
    post = row.post
    lines = [people_want(post.vote_count)] if post.vote_count else []
    if post.comment_count:
        lines.append(
            ngettext("%(number)s comment", "%(number)s comments", post.comment_count)
            % {"number": number_format(post.comment_count, force_grouping=True)}
        )
    return Card(
        headline=f"{post.board.title} · {post.get_kind_display()}",
        title=post.title,
        lines=(" · ".join(lines),) if lines else (),
        place=placed(row.ask.stage),
    )


def card_of_board(board: Board) -> Card:
    """Return the card of a board: what it is about, and how many posts it has."""
    parent = board.parent  # which not everybody who reads the card may know of
    number = number_format(board.post_count, force_grouping=True)
    posts = ngettext("%(number)s post", "%(number)s posts", board.post_count) % {"number": number}
    return Card(
        headline=parent.title if parent is not None and not parent.is_closed else _("Board"),
        title=board.title,
        lines=tuple(filter(None, [board.about, posts])),
    )
