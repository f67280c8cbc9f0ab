"""The roles between a member and the team, tried at every address that lets in the team and not everybody.

An analyst reads what a moderator of the site reads, and sends nothing that a member may not send. Who keeps order on another
board is a member here. Who manages another product reads what the team reads, and decides nothing here.
"""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from feedback.forum.models import Board
from feedback.forum.products.operations import ensure_product
from feedback.forum.rights.operations import Place, give
from feedback.kernel import clock
from tests.architecture.examples import arguments, outcome
from tests.architecture.test_addresses import ROLES, TABLE

#: What is there to change something is not even shown: role, address, method and what they get.
OTHERWISE = {
    # An analyst reads, and looks at whichever product they like.
    ("una", "desk:judge", "get"): "403",
    ("una", "desk:tuesday-line", "get"): "403",
    ("una", "forum:customer-vote", "get"): "403",
    ("una", "forum:poll-create", "get"): "403",
    ("una", "forum:post-lock", "get"): "403",
    ("una", "forum:reproduction-remove", "get"): "403",
    ("una", "desk:product", "post"): "404",
    ("una", "forum:ruling", "post"): "200",
    # They invite as many as the team does.
    ("una", "accounts:invitations", "post"): "away",
    # A moderator of another board has a queue, in which nothing of this one is.
    ("kit", "desk:moderation", "get"): "200",
    ("kit", "desk:moderation-log", "get"): "200",
    ("kit", "desk:moderation-log-file", "get"): "200",
    ("kit", "desk:case", "get"): "404",
    ("kit", "desk:case", "post"): "404",
    ("kit", "desk:cases-decide", "post"): "away",
    ("kit", "desk:ruling-face", "get"): "404",
    ("kit", "desk:ruling-undo", "post"): "404",
    ("kit", "forum:poll-close", "get"): "405",
    ("kit", "forum:poll-remove", "get"): "405",
    # A manager of another product has no case of this one.
    ("max", "desk:case", "get"): "404",
    ("max", "desk:case", "post"): "404",
    ("max", "forum:customer-vote", "get"): "403",
    ("max", "forum:poll-create", "get"): "403",
    ("max", "forum:post-lock", "get"): "403",
    ("max", "forum:reproduction-remove", "get"): "403",
    ("max", "forum:ruling", "post"): "200",
    ("max", "accounts:invitations", "post"): "away",
    # Sent without fields: nothing is chosen, or found, or it is about their own product.
    ("max", "desk:areas-put", "post"): "away",
    ("max", "desk:asks-several", "post"): "away",
    ("max", "desk:asks-undo", "post"): "away",
    ("max", "desk:ask-views", "post"): "away",
    ("max", "desk:map-chosen", "post"): "away",
    ("max", "desk:map-start", "post"): "away",
    ("max", "desk:answer-templates", "get"): "200",
    ("max", "desk:answer-templates", "post"): "422",
    ("max", "desk:answer-template", "get"): "404",
    ("max", "desk:answer-template", "post"): "404",
    ("max", "desk:answer-template-remove", "post"): "404",
    ("max", "desk:ask-view", "post"): "404",
    ("max", "desk:ask-note", "post"): "404",
    ("max", "desk:brief-draft", "post"): "away",
    ("max", "desk:cases-decide", "post"): "away",
    ("max", "desk:judge-answer", "post"): "away",
    ("max", "desk:question-answer", "post"): "away",
    ("max", "desk:proposals-given", "post"): "away",
    ("max", "desk:proposals-several", "post"): "away",
    ("max", "desk:formula", "post"): "away",
    ("max", "desk:coverage-show", "post"): "away",
    ("max", "desk:threshold", "get"): "200",
    ("max", "desk:threshold", "post"): "away",
    ("max", "desk:regroup", "post"): "away",
    ("max", "desk:brief of brief", "post"): "422",
    ("max", "desk:branch", "post"): "422",
    ("max", "desk:moderation-words", "post"): "422",
    ("max", "desk:moderation-word", "post"): "422",
    ("max", "desk:area-join", "post"): "404",
    ("max", "desk:board-move", "post"): "404",
    ("max", "desk:judge-follow", "post"): "404",
    ("max", "desk:product", "post"): "404",
    ("max", "roadmap:release-move", "post"): "404",
    ("max", "roadmap:release-preview", "post"): "404",
}


@pytest.fixture
def others(world, person):
    """The analyst, a moderator of another board, and a manager of another product."""
    product = ensure_product(slug="notes", name="Notes", now=clock.now())
    board = Board.objects.create(product=world.board.product, slug="bugs", name="Bugs")
    kit, max_ = person("Kit"), person("Max")
    for one, role, place in (
        (kit, "MODERATOR", Place(board=board)),
        (max_, "MANAGER", Place(product=product)),
    ):
        give(person=one, role=role, place=place, actor=world.ada, now=clock.now())
    return {"una": person("Una", role="ANALYST"), "kit": kit, "max": max_}


def expected(role, address, method):
    """Return what ``role`` should get, from what the table says of the others."""
    said = getattr(address, method)
    for name in (address.name, f"{address.name} of {address.of}"):
        if (role, name, method) in OTHERWISE:
            return OTHERWISE[role, name, method]
    theirs = dict(zip(ROLES, said.split() if " " in said else [said] * 6, strict=True))
    member = next(
        (theirs[one] for one in ("ann", "bo") if theirs[one] in ("403", "404")), theirs["ann"]
    )
    if role == "kit" or method == "post":
        return member
    return theirs["mo"]


@pytest.mark.parametrize("room", sorted({address.room for address in TABLE}))
def test_a_lesser_role_gets_what_is_its_own(room, world, others, client_of, anew, plain_refusals):
    wrong = []
    clients = {role: client_of(one).cookies for role, one in others.items()}
    for address in TABLE:
        if address.room != room or not (" " in address.get or " " in address.post):
            continue
        cache.clear()
        with transaction.atomic():
            path = reverse(address.name, args=arguments(address, world))
            for role, cookies in clients.items():
                for method in ("get", "post"):
                    if " " not in getattr(address, method):
                        continue
                    with transaction.atomic():
                        found = outcome(getattr(anew(cookies), method)(path))
                        transaction.set_rollback(True)
                    theirs = expected(role, address, method)
                    if found != theirs:
                        wrong.append(
                            f"{method.upper()} {path} ({address.name}) as {role}: {found}, not {theirs}"
                        )
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
