"""Who may read which board, and which posts that admits them to: the one home of this rule.

A post on a closed board is never PUBLISHED but INSIDE, and one of an agent never but WITNESS. Whatever asks for published posts
leaves both out without knowing of closed boards and of agents; only who asks here is admitted.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from feedback.accounts.models import IN_TEAM, Origin, User
from feedback.accounts.permissions import is_team
from feedback.forum.closed.models import BoardMember, Readers
from feedback.forum.models import Board, Post, Right
from feedback.forum.rights.reading import boards_kept_by

Person = User | AnonymousUser

#: A post that stands at one of these is shown to whoever reads its board.
SHOWN = (Post.State.PUBLISHED, Post.State.INSIDE)
#: At one of these it is read by others than its author and the team; what waits for the human of an agent is, and counts nowhere.
READ = (*SHOWN, Post.State.WITNESS)


def readable_by(person: Person) -> Q:
    """Return the condition that ``person`` may read a board."""
    if is_team(person):
        return Q()
    if not isinstance(person, User):
        return Q(readers=Readers.EVERYONE)
    own = BoardMember.objects.filter(person=person, left_at=None).values("board")
    may = Q(readers__in=[Readers.EVERYONE, Readers.MEMBERS]) | Q(readers=Readers.RING, pk__in=own)
    return may | boards_kept_by(person) if person.is_part_moderator else may


def boards_of(person: Person) -> QuerySet[Board]:
    """Return the boards that ``person`` may read, archived ones too."""
    return Board.objects.filter(readable_by(person))


def may_read(person: Person, board: Board) -> bool:
    """Whether ``person`` may know of ``board``."""
    if board.readers == Readers.EVERYONE or is_team(person):
        return True
    return isinstance(person, User) and boards_of(person).filter(pk=board.pk).exists()


def readers_of(board: Board) -> Q:
    """Return the condition that a person may read ``board``: `readable_by`, asked the other way."""
    if board.readers == Readers.EVERYONE:
        return Q()
    kept = Right.objects.filter(Q(board=board) | Q(product=board.product_id))
    may = IN_TEAM | Q(is_active=True, pk__in=kept.values("person"))
    if board.readers == Readers.MEMBERS:
        may |= Q(origin=Origin.SIGNED_UP)
    elif board.readers == Readers.RING:
        named = BoardMember.objects.filter(board=board, left_at=None)
        may |= Q(pk__in=named.values("person"))
    return may


def admitted(person: Person) -> Q:
    """Return the condition that ``person`` may know of a post.

    Published ones, those of agents on boards that they read, and those on closed boards that they read; one that is hidden, held, removed or withdrawn only its author,
    the team and who keeps order there. Whoever left a ring no longer reads even their own posts there: others answered below them.
    """
    if is_team(person):
        return Q()
    published = Q(state=Post.State.PUBLISHED)
    if not isinstance(person, User):
        return published | Q(state=Post.State.WITNESS, board__in=boards_of(person).values("pk"))
    theirs = Q(state__in=[Post.State.INSIDE, Post.State.WITNESS]) | Q(author=person)
    may = published | (theirs & Q(board__in=boards_of(person).values("pk")))
    if person.is_part_moderator:
        may |= Q(board__in=Board.objects.filter(boards_kept_by(person)).values("pk"))
    return may
