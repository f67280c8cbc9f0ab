"""Who may read which board, and which posts that admits them to: the one home of this rule.

A post on a closed board is never PUBLISHED but INSIDE, and one of an agent never but WITNESS. Whatever asks for published posts
leaves both out without knowing of closed boards and of agents; only who asks here is admitted.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from feedback.accounts.models import IN_TEAM, Origin, User
from feedback.accounts.permissions import is_team
from feedback.forum.closed.models import BoardMember, Readers
from feedback.forum.models import Board, Post, Product, Right
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


def products_of(person: Person) -> QuerySet[Product]:
    """Return the products that ``person`` may know of: the closed ones by a board of theirs that they read."""
    if is_team(person):
        return Product.objects.all()
    of_boards = Q(pk__in=boards_of(person).values("product"))
    return Product.objects.filter(Q(is_closed=False) | of_boards)


def known_to(person: Person, path: str = "product") -> Q:
    """Return the condition that what stands at ``path`` is of a product that ``person`` may know of."""
    if is_team(person):
        return Q()
    return Q(**{f"{path}__is_closed": False}) | Q(
        **{f"{path}__in": products_of(person).values("pk")}
    )


def knowers_of(product: Product) -> Q:
    """Return the condition that a person may know of ``product``: `products_of`, asked the other way."""
    if not product.is_closed:
        return Q()
    may = IN_TEAM
    for board in Board.objects.filter(product=product):
        may |= readers_of(board)
    return may


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
