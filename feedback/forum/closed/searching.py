"""Finding posts on a closed board, for those who read it.

They stand in no index, so that no search of anybody else can meet them; a closed board is small, and is read itself.
"""

from dataclasses import dataclass

from django.db.models.functions import Left
from django.http import HttpRequest

from feedback.forum import allowed
from feedback.forum.closed.standing import shown_on
from feedback.forum.models import Board, Post
from feedback.forum.posts import listing
from feedback.forum.posts.listing import PAGE_SIZE, PostPage
from feedback.kernel import clock, text
from feedback.kernel.folding import fold_spelling

#: So many of the newest posts are read, of each so many characters.
READ, CHARACTERS = 2_000, 4_000
_QUERY_LENGTH = 200


@dataclass(frozen=True)
class FoundInside:
    """What ``typed`` finds on a closed board: a page of it, and how many posts there are in all."""

    typed: str
    page: PostPage
    number: int


def looked_for(request: HttpRequest, board: Board) -> str:
    """Return what the reader looks for on ``board``; "" on one that everybody reads, which the search of the site finds."""
    if not board.is_closed:
        return ""
    return text.one_line(request.GET.get("q", ""))[:_QUERY_LENGTH]


def find_inside(request: HttpRequest, board: Board, typed: str) -> FoundInside:
    """Return the posts of ``board`` with all the words of ``typed``, those with them in the title first, then the newest.

    Call it for whoever reads ``board``. Raises `Refusal` for one search too many.
    """
    allowed.search(request, now=clock.now())
    pks = matching(board, typed)
    number = listing.page_number(request)
    start = (number - 1) * PAGE_SIZE
    page = listing.page_with(
        request,
        pks[start : start + PAGE_SIZE],
        number=number,
        has_next=len(pks) > start + PAGE_SIZE,
        with_excerpt=True,
    )
    return FoundInside(typed, page, len(pks))


def matching(board: Board, typed: str) -> list[int]:
    """Return the posts on ``board`` that hold every word of ``typed``, however it is written."""
    words = fold_spelling(typed).split()
    inside = Post.objects.filter(board=board, state=shown_on(board)).order_by("-posted_at", "-pk")
    read = inside.annotate(beginning=Left("body", CHARACTERS))
    in_title: list[int] = []
    in_text: list[int] = []
    for pk, title, beginning in read.values_list("pk", "title", "beginning")[:READ]:
        folded = fold_spelling(title)
        if _holds(folded, words):
            in_title.append(pk)
        elif _holds(f"{folded}\n{fold_spelling(beginning)}", words):
            in_text.append(pk)
    return in_title + in_text if words else []


def _holds(folded: str, words: list[str]) -> bool:
    return all(word in folded for word in words)
