"""What is said while somebody writes a post: is it one of these, what kind is it, where does it belong."""

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts import limits
from feedback.forum import queries
from feedback.forum.models import Post
from feedback.forum.posts import listing
from feedback.forum.products.queries import keep_product, of_board
from feedback.forum.search import index
from feedback.kernel import clock, slots, text

_SIMILAR_SHOWN = 4
#: A title of one or two letters is like everything.
_SIMILAR_FROM = 3
#: What one address may do without an account; whoever has signed in is not counted.
_LOOKS = limits.Rate("similar", 120, dt.timedelta(minutes=1))
#: Seconds after which meaning is asked again where words alone were compared: an encoder that has just started loads its
#: models, one that is down stays away.
_LOOK_AGAIN = (1, 2, 2, 3, 3, 4, 5, 5, 10, 10)


@dataclass(frozen=True)
class LookAgain:
    """When and where a page looks again for what is like a draft."""

    url: str
    seconds: int


@dataclass(frozen=True)
class Proposal:
    """What a draft seems to be: a kind of `Post.Kind` and the slug of a board, "" where it is not clear."""

    kind: str = ""
    board: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def post_similar(request: HttpRequest) -> HttpResponse:
    """Show asks and posts like the draft. POST is for bodies that are too long for an address."""
    draft = _draft_in(request)
    if len(draft.title) < _SIMILAR_FROM and not any(ord(letter) > 0x3000 for letter in draft.title):
        return HttpResponse("")
    if limits.is_over(_LOOKS, request, now=clock.now()):
        return _too_often()
    by_meaning = slots.gather("similar-asks", request, [draft])
    if by_meaning:
        return HttpResponse(by_meaning[0])
    found = index.find(draft.title, limit=_SIMILAR_SHOWN, mode="any", product=draft.product)
    rows = listing.rows_of(request, [pk for pk, _score in found])
    if not rows:
        return HttpResponse("")
    shown = {"rows": rows, "words_only": True, "again": look_again(request)}
    return render(request, "forum/posts/_similar.html", shown)


def look_again(request: HttpRequest) -> LookAgain | None:
    """Return when to look again where words alone were compared, None after so many times."""
    tried = request.GET.get("again", "")
    times = int(tried[:3]) if tried.isascii() and tried.isdigit() else 0
    if times >= len(_LOOK_AGAIN):
        return None
    product = of_board(request, "")
    query = urlencode(keep_product(product) | {"again": str(times + 1)})
    return LookAgain(f"{reverse('forum:post-similar')}?{query}", _LOOK_AGAIN[times])


@require_POST
def post_proposal(request: HttpRequest) -> HttpResponse:
    """Say what kind the draft seems to be and on which board it belongs, where that is clear."""
    if limits.is_over(_LOOKS, request, now=clock.now()):
        return _too_often()
    found = slots.gather("post-proposal", request, [_draft_in(request)])
    proposal = found.get(0, Proposal())
    board = queries.boards_open_to(request.user).filter(slug=proposal.board).first()
    return JsonResponse(
        {
            "kind": proposal.kind,
            "kind_said": _("This reads like: %s. Choose another if it is not.")
            % Post.Kind(proposal.kind).label
            if proposal.kind
            else "",
            "board": board.slug if board is not None else "",
            "board_said": _("Posts like this are mostly on “%s”. Choose another board if you like.")
            % board.title
            if board is not None
            else "",
        }
    )


def _draft_in(request: HttpRequest) -> SimpleNamespace:
    """Return what is typed so far, as providers of slots expect a post; its key is 0."""
    typed = request.POST if request.method == "POST" else request.GET
    return SimpleNamespace(
        pk=0,
        title=text.normalise(typed.get("title", ""))[:200],
        body=text.normalise(typed.get("body", ""))[:2000],
        product=of_board(request, text.normalise(typed.get("board", ""))),
    )


def _too_often() -> HttpResponse:
    return HttpResponse(
        _("Too many questions from your network just now. Wait a minute."),
        status=429,
        content_type="text/plain; charset=utf-8",
    )
