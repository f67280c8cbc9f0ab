"""Who manages one product decides about its asks, items and releases, and reads the others."""

import pytest

from feedback.asks.models import Ask
from feedback.forum.rights.operations import Place, give
from feedback.forum.rights.reading import forget_reach
from feedback.kernel import clock
from feedback.roadmap.operations import adopt


@pytest.fixture
def theirs(max_, ann, notes_board, publish, make_ask):
    """An ask of the product that Max manages."""
    return make_ask(publish(ann, "Folders", board=notes_board))


def test_they_read_every_desk_and_decide_on_their_own(max_, theirs, dark_mode, client_of):
    client = client_of(max_)
    own, other = f"/desk/asks/{theirs.public_id}/", f"/desk/asks/{dark_mode.public_id}/"
    assert client.get("/desk/").status_code == 200
    assert f"{own}rename/" in client.get(own).content.decode()
    page = client.get(other)
    assert page.status_code == 200 and f"{other}rename/" not in page.content.decode()
    assert client.post(f"{own}rename/", {"title": "Folders, please"}).status_code == 302
    assert client.post(f"{other}rename/", {"title": "Mine now"}).status_code == 403
    assert Ask.objects.get(pk=theirs.pk).title == "Folders, please"
    assert Ask.objects.get(pk=dark_mode.pk).title != "Mine now"


@pytest.mark.parametrize("address", ["answer", "adopt", "decline", "move", "join"])
def test_the_forms_of_another_product_are_shut(address, max_, theirs, dark_mode, client_of):
    client = client_of(max_)
    assert client.get(f"/desk/asks/{theirs.public_id}/{address}/").status_code == 200
    assert client.get(f"/desk/asks/{dark_mode.public_id}/{address}/").status_code == 403


def test_two_asks_of_two_products_are_not_theirs_to_join(max_, theirs, dark_mode, client_of):
    into = {"to": dark_mode.public_id}
    assert client_of(max_).post(f"/desk/asks/{theirs.public_id}/join/", into).status_code in (
        403,
        404,
    )
    theirs.refresh_from_db()
    assert theirs.state == Ask.State.PUBLIC


def test_items_and_releases_of_their_product_alone(max_, theirs, item, client_of, now):
    own = adopt(ask=theirs, actor=max_, now=now, title="Folders")
    client = client_of(max_)
    assert (
        f"/roadmap/{own.public_id}/edit/"
        in client.get(f"/roadmap/{own.public_id}/").content.decode()
    )
    assert (
        f"/roadmap/{item.public_id}/edit/"
        not in client.get(f"/roadmap/{item.public_id}/").content.decode()
    )
    said = {"edit-title": "Folders at last", "edit-summary": ""}
    assert client.post(f"/roadmap/{own.public_id}/edit/", said).status_code == 302
    for words in (said, {}):
        assert client.post(f"/roadmap/{item.public_id}/edit/", words).status_code == 403
    planned = {"plan-version": "3.0"}
    assert client.post("/train/plan/?product=notes", planned).status_code == 302
    assert client.post("/train/plan/?product=main", planned).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["/desk/webhooks/", "/desk/import/", "/desk/doors/", "/desk/rights/", "/desk/product/new/"],
)
def test_what_is_the_whole_sites_is_not_theirs(address, max_, client_of):
    assert client_of(max_).get(address).status_code == 403


def test_they_keep_order_there_too(max_, theirs, ann, bo, notes_board, publish, client_of):
    post, other = theirs.medoid, publish(bo, "Elsewhere")
    why = {"word": "It went in circles."}
    assert client_of(max_).post(f"/posts/{post.public_id}/lock/", why).status_code == 302
    assert client_of(max_).post(f"/posts/{other.public_id}/lock/", why).status_code == 403


def test_they_make_boards_of_their_product(max_, product, client_of):
    said = {"slug": "more", "name": "More", "position": 1}
    assert client_of(max_).post("/desk/products/notes/boards/new/", said).status_code == 302
    said["slug"] = "others"
    assert (
        client_of(max_).post(f"/desk/products/{product.slug}/boards/new/", said).status_code == 403
    )


def test_what_is_filled_in_about_another_product_is_refused(max_, world, client_of):
    """The walk through every address sends nothing; here all is said that the deed needs."""
    client = client_of(max_)
    chosen = {"ask": world.open_ask.public_id, "do": "new", "name": "Mine"}
    words = {"words": "casino", "effect": "HOLD", "board": world.board.pk}
    for address, said in (
        (f"/desk/questions/{world.question.public_id}/answer/", {"do": "same"}),
        ("/desk/areas/put/", chosen),
        ("/desk/moderation/words/", words),
        (f"/desk/asks/{world.open_ask.public_id}/answer/", {"body": "Soon."}),
        (f"/desk/proposals/{world.proposal.public_id}/", {"do": "confirm"}),
        (f"/desk/decisions/{world.decision.public_id}/undo/", {}),
        (f"/desk/trends/{world.alert.public_id}/seen/", {"do": "seen"}),
        (f"/desk/boards/{world.board.slug}/move/", {"product": "notes"}),
        (f"/desk/posts/{world.post.public_id}/board/", {"board": "notes-ideas", "word": "Notes."}),
    ):
        assert client.post(address, said).status_code == 403, address


def test_what_is_taken_is_gone_at_once(max_, theirs, ada, notes, client_of):
    from feedback.forum.rights.operations import take

    take(person=max_, place=Place(product=notes), actor=ada, now=clock.now())
    assert client_of(max_).get("/desk/").status_code == 403
    give(person=max_, role="MODERATOR", place=Place(product=notes), actor=ada, now=clock.now())
    forget_reach(max_)
    assert client_of(max_).get("/desk/").status_code == 403
    assert client_of(max_).get("/desk/moderation/").status_code == 200
