"""News of a closed board reaches those who may read it when it is sent, and nobody else."""

import pytest

from feedback.forum.boards.operations import edit_board
from feedback.forum.closed.naming import name_on_board, take_off_board
from feedback.forum.comments.operations import comment
from feedback.forum.models import Board
from feedback.kernel import clock
from feedback.notify.following.operations import subscribe
from feedback.notify.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab(product, ann, bo, pia, now):
    """A board that Ann and Bo read."""
    made = Board.objects.create(product=product, slug="lab", name="Quokka lab", readers="RING")
    for person in (ann, bo):
        name_on_board(board=made, person=person, actor=pia, now=now)
    return made


@pytest.fixture
def outsider(person, lab, ann, now):
    """Cleo follows the board and Ann, as one does before a board closes."""
    cleo = person("Cleo")
    for about, pk in (("BOARD", lab.pk), ("PERSON", ann.pk)):
        subscribe(person=cleo, about=about, about_id=pk, is_muted=False, now=now)
    return cleo


def test_its_ring_hears_and_nobody_else(lab, outsider, publish, ann, bo, deliver, client_of):
    subscribe(person=bo, about="BOARD", about_id=lab.pk, is_muted=False, now=clock.now())
    post = publish(ann, "Marzipan", board=lab)
    link = f"[@Cleo](/people/{outsider.public_id}/)"
    comment(post=post, author=bo, body=f"Marzipan, {link}", now=clock.now())
    deliver()
    told = {notice.person.name for notice in Notice.objects.all()}
    assert told == {"Ann", "Bo"}
    assert "Marzipan" in client_of(bo).get("/inbox/").content.decode()
    assert "Quokka" not in client_of(outsider).get("/settings/news/").content.decode()


def test_who_left_meanwhile_gets_no_mail_and_reads_no_word_of_it(
    lab, publish, ann, bo, pia, server, send, deliver, client_of, now
):
    post = publish(ann, "Marzipan", board=lab)
    comment(post=post, author=bo, body="A marzipan crash", now=now)
    deliver()
    take_off_board(board=lab, person=ann, actor=pia, now=now)
    send()
    (mail,) = server.to("ann@example.org")
    said = mail["subject"] + mail.get_body(("plain",)).get_content()
    assert "took you off a board" in said
    assert "arzipan" not in said and "Quokka" not in said and "/boards/" not in said
    page = client_of(ann).get("/inbox/").content.decode()
    assert "Not public any more" in page
    assert "arzipan" not in page and "Quokka" not in page


def test_the_ring_is_mailed(lab, publish, ann, bo, server, send, now):
    post = publish(ann, "Marzipan", board=lab)
    comment(post=post, author=bo, body="A marzipan crash", now=now)
    send()
    (mail,) = server.to("ann@example.org")
    assert "Marzipan" in mail.get_body(("plain",)).get_content()


def test_news_from_before_a_board_closed_is_not_read_by_others(
    board, outsider, publish, ann, pia, deliver, client_of, now
):
    subscribe(person=outsider, about="BOARD", about_id=board.pk, is_muted=False, now=now)
    publish(ann, "Marzipan")
    deliver()
    assert "Marzipan" in client_of(outsider).get("/inbox/").content.decode()
    edit_board(board=board, readers="TEAM", actor=pia, now=now)
    assert "Marzipan" not in client_of(outsider).get("/inbox/").content.decode()
