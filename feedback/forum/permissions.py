"""Who may see and do what in the forum. What one may not know of is a 404, what one may not do a 403."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.forum import queries
from feedback.forum.closed.reading import boards_of, may_read, products_of
from feedback.forum.guests.queries import not_known_yet
from feedback.forum.models import Allowed, Board, Comment, Post, Product, SeenBy
from feedback.forum.rights.reading import is_named_on, keeps_order_on, speaks_on

Person = User | AnonymousUser


def may_post(person: Person, board: Board) -> bool:
    """Whether ``person`` may post on ``board`` (a visitor may once they have signed in)."""
    is_open = not board.is_archived and is_among(person, board, board.posters)
    return is_open and may_read(person, board)


def is_among(person: Person, board: Board, whom: str) -> bool:
    """Whether ``person`` is one of those whom ``board`` lets do something; a visitor counts as the member they may become.

    The team of a board is who keeps order there. `queries.boards_open_to` says the same of many boards at once.
    """
    if whom == Allowed.MEMBERS:
        return True
    if whom == Allowed.NOBODY:
        return False
    if keeps_order_on(person, board):
        return True
    return whom == Allowed.RING and is_named_on(person, board)


def may_edit(person: Person, post: Post) -> bool:
    """Whether ``person`` may change the words of ``post``, or withdraw it: its author, while it stands."""
    return post.author_id == person.pk and post.is_shown


def may_take_part(post: Post) -> bool:
    """Whether votes and comments are open on ``post`` for whoever may read it."""
    return post.is_shown and not post.board.is_archived


def may_comment(person: Person, post: Post) -> bool:
    """Whether ``person`` may comment on ``post``, as its board says: on a locked one the team alone."""
    if not may_take_part(post) or not is_among(person, post.board, post.board.commenters):
        return False
    return not post.is_locked or keeps_order_on(person, post.board)


def why_no_comment(person: Person, post: Post) -> str:
    """Return in a sentence why ``person`` may not comment on ``post``, which is open; "" where they may."""
    if may_comment(person, post):
        return ""
    if post.is_locked:
        return _("The team locked this post: it can be read and voted for, not commented on.")
    if post.board.commenters == Allowed.RING:
        return _("Those who are named on this board comment here. You can vote.")
    if post.board.commenters == Allowed.TEAM:
        return _("The team alone comments on this board. You can vote.")
    return _("Nobody comments on this board any more. You can vote.")


def why_no_post(person: Person, board: Board) -> str:
    """Return in a sentence why ``person`` may not post on ``board``, which they read; "" where they may."""
    if may_post(person, board):
        return ""
    if board.is_archived:
        return _("This board is closed: what is on it can be read.")
    if board.posters == Allowed.RING:
        return _("Those who are named on this board post here. You can read it.")
    if board.posters == Allowed.TEAM:
        return _("The team alone posts here. You can read it.")
    return _("Nobody posts here any more. You can read it.")


def speaks_for_team(person: Person, post: Post) -> bool:
    """Whether ``person`` may answer officially, and leave notes for the team alone, under ``post``."""
    return speaks_on(person, post.board)


def may_see_voters(person: Person, board: Board) -> bool:
    """Whether ``person`` may see who wants a post of ``board``, as the board says."""
    if board.voters_seen_by == SeenBy.EVERYONE or is_team(person):
        return True
    return isinstance(person, User) and is_among(person, board, board.voters_seen_by)


def may_read_before(person: Person, post: Post) -> bool:
    """Whether ``person`` may read what ``post`` said before it was changed: its author and the team, as its author was told."""
    is_there = post.state != Post.State.REMOVED  # then what it said is gone for everybody
    return is_there and (
        post.author_id == person.pk or is_team(person) or keeps_order_on(person, post.board)
    )


def may_edit_comment(person: Person, comment: Comment) -> bool:
    """Whether ``person`` may change the words of ``comment``: its author, while it stands under an open post."""
    is_own = comment.author_id == person.pk and not comment.is_hidden
    return is_own and may_comment(person, comment.post)


def may_withdraw_comment(person: Person, comment: Comment) -> bool:
    """Whether ``person`` may take ``comment`` back: its author, for ever, as long as it says something."""
    is_there = comment.withdrawn_at is None and bool(comment.body)
    return comment.author_id == person.pk and is_there


def may_accept(person: Person, post: Post) -> bool:
    """Whether ``person`` may say which comment answers the question ``post``."""
    is_open = post.kind == Post.Kind.QUESTION and may_take_part(post)
    return is_open and (post.author_id == person.pk or keeps_order_on(person, post.board))


def may_flag(person: Person, thing: Post | Comment) -> bool:
    """Whether ``person`` may report ``thing``: anybody but who wrote it. Who keeps order there decides about it at once."""
    return thing.author_id != person.pk and not may_moderate(person, thing)


def may_moderate(person: Person, thing: Post | Comment) -> bool:
    """Whether ``person`` may hide and show ``thing``, and decide about it: who keeps order on its board."""
    post = thing.post if isinstance(thing, Comment) else thing
    return keeps_order_on(person, post.board)


def access_board(person: Person, slug: str) -> Board:
    """Return the board ``slug``; raises `Http404` if ``person`` may not know of it."""
    try:
        return boards_of(person).select_related("parent", "product").get(slug=slug)
    except Board.DoesNotExist:
        raise Http404 from None


def access_product(person: Person, slug: str) -> Product:
    """Return the product ``slug``; raises `Http404` if ``person`` may not know of it."""
    try:
        return products_of(person).get(slug=slug)
    except Product.DoesNotExist:
        raise Http404 from None


def access_post(person: Person, public_id: str) -> Post:
    """Return the post with its author, board and what stands beside it; raises `Http404` if ``person`` may not know of it.

    What is hidden, held, removed or withdrawn exists only for its author and the team, what stands on a closed board only for
    those who read that.
    """
    beside = (
        "author__acts_for",
        "board__product",
        "poll",
        "for_customer__entered_by",
        "prompt",
        "rendered",
        "agent_confirmation__agent",
    )
    visible = queries.posts_visible_to(person).select_related(*beside)
    try:
        return visible.get(public_id=public_id)
    except Post.DoesNotExist:
        raise Http404 from None


def post_numbered(person: Person, number: int) -> Post | None:
    """Return the post of this number, if there is one that ``person`` may know of."""
    return queries.posts_visible_to(person).filter(pk=number).first()


def access_voters(person: Person, public_id: str) -> Post:
    """Return the post if ``person`` may see who wants it; raises `Http404` or `PermissionDenied`."""
    post = access_post(person, public_id)
    if not may_see_voters(person, post.board):
        raise PermissionDenied
    return post


def access_post_to_edit(person: Person, public_id: str) -> Post:
    """Return the post if ``person`` may change it; raises `Http404` or `PermissionDenied`."""
    post = access_post(person, public_id)
    if not may_edit(person, post):
        raise PermissionDenied
    return post


def access_post_to_moderate(person: Person, public_id: str) -> Post:
    """Return the post if ``person`` may hide, pin and lock it; raises `Http404` or `PermissionDenied`."""
    post = access_post(person, public_id)
    if not may_moderate(person, post):
        raise PermissionDenied
    return post


def access_post_for_team(person: Person, public_id: str) -> Post:
    """Return the post if ``person`` speaks for the team about it; raises `Http404` or `PermissionDenied`."""
    post = access_post(person, public_id)
    if not speaks_for_team(person, post):
        raise PermissionDenied
    return post


def access_comment(person: Person, public_id: str) -> Comment:
    """Return the comment with its author and post; raises `Http404` if ``person`` may not know of it.

    A hidden comment exists only for its author and the team.
    """
    found = Comment.objects.filter(public_id=public_id, post__in=queries.posts_visible_to(person))
    if not is_team(person):
        found = found.filter(queries.shown_to(person))
    comment = found.select_related("author", "post__author", "post__board__product").first()
    if comment is None:
        raise Http404
    return comment


def access_comment_to_edit(person: Person, public_id: str) -> Comment:
    """Return the comment if ``person`` may change it; raises `Http404` or `PermissionDenied`."""
    comment = access_comment(person, public_id)
    if not may_edit_comment(person, comment):
        raise PermissionDenied
    return comment


def access_comment_to_withdraw(person: Person, public_id: str) -> Comment:
    """Return the comment if ``person`` may take it back; raises `Http404` or `PermissionDenied`."""
    comment = access_comment(person, public_id)
    if not may_withdraw_comment(person, comment):
        raise PermissionDenied
    return comment


def access_place(person: Person, public_id: str) -> Comment:
    """Return the comment ``public_id``, or where it stood before its author took it back; raises `Http404` as `access_comment`."""
    try:
        return access_comment(person, public_id)
    except Http404:
        gone = Comment.objects.filter(public_id=public_id, is_internal=False)
        gone = gone.filter(post__in=queries.posts_visible_to(person)).exclude(withdrawn_at=None)
        found = gone.select_related("author", "post__board__product").first()
        if found is None:
            raise
        return found


def access_comment_to_moderate(person: Person, public_id: str) -> Comment:
    """Return the comment with its post if ``person`` may hide it; raises `Http404` or `PermissionDenied`."""
    comment = access_comment(person, public_id)
    if not may_moderate(person, comment):
        if comment.is_hidden:
            raise Http404  # its author sees it, and the team alone shows it
        raise PermissionDenied
    return comment


def access_person(public_id: str, *, reader: Person | None = None) -> User:
    """Return the person; raises `Http404` if there is none or their account is closed.

    A guest exists for everybody once a post of theirs was published, and until then for a ``reader`` who keeps order.
    """
    people = User.objects.filter(is_active=True)
    if not (isinstance(reader, User) and reader.has_duties):
        people = people.exclude(not_known_yet())
    try:
        return people.select_related("acts_for").get(public_id=public_id)
    except User.DoesNotExist:
        raise Http404 from None
