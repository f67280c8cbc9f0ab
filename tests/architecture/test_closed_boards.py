"""Nothing of a closed board leaks: every address of the site, as a visitor and as a member who is not of its ring."""

from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from feedback.forum.boards.operations import edit_board, open_board
from feedback.forum.closed.naming import name_on_board
from feedback.forum.comments.operations import comment
from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.notify.channels.email import sending
from feedback.notify.following.operations import subscribe
from feedback.notify.models import Endpoint, WebhookDelivery
from tests.architecture.examples import arguments
from tests.architecture.test_addresses import TABLE

#: Stands in the words of the closed post and its comment, and in the name of its board; in nothing else.
SECRETS = ("marzipan", "quokka")
#: What may be asked of something on a board, by the example that `arguments` takes.
OF_A_BOARD = {"post", "comment", "board", "flagged", "followed", "ring_board"}
#: Where words are looked for.
ASKED = (
    "/?sort=new",
    "/?sort=top",
    "/?sort=unanswered",
    "/?sort=mine",
    "/search/?q=marzipan",
    "/search/?q=marzipan&sort=new",
    "/search/?q=quokka",
    "/search/?board=lab",
    "/search/?q=board:lab",
    "/posts/similar/?title=Marzipan+is+broken",
    "/posts/new/?board=lab",
    "/asks/?q=marzipan",
    "/roadmap/?q=marzipan",
    "/feeds/posts/?language=en",
)


@pytest.fixture
def closed(world, product, pia, person, publish, make_ask, now):
    """A closed board with a post that was public, in an ask, and followed; beside the small world. Dan alone is in its ring."""
    Endpoint.objects.update(groups=["POSTS", "ANSWERS", "ROADMAP", "RELEASES"])
    dan = person("Dan")
    lab = open_board(slug="lab", name="Quokka lab", product=product, actor=pia, now=now)
    for about, pk in (("BOARD", lab.pk), ("PERSON", dan.pk)):
        subscribe(person=world.ann, about=about, about_id=pk, is_muted=False, now=now)
    post = publish(dan, "Marzipan is broken", body="All of the marzipan.", board=lab)
    make_ask(publish(world.bo, "Something else"), post, title="Broken things")
    make_ask(alone := publish(dan, "Marzipan by itself", board=lab))
    lab = edit_board(board=lab, readers="RING", actor=pia, now=now)
    name_on_board(board=lab, person=dan, actor=pia, now=now)
    link = f"[@Ann](/people/{world.ann.public_id}/)"
    said = comment(post=post, author=world.mo, body=f"Marzipan, {link}.", is_official=True, now=now)
    publish(dan, "Marzipan again", board=lab)
    while journal.deliver_due(now=clock.now()):
        pass
    return SimpleNamespace(
        **vars(world) | {"post": post, "comment": said, "board": lab}, dan=dan, alone=alone
    )


def leaks(answer):
    """Return which secrets stand in an answer: in its words or its headers."""
    said = answer.getvalue().decode(errors="replace") + repr(dict(answer.headers))
    return [word for word in SECRETS if word in said.lower()]


def answers(client, address, path):
    """Yield what ``client`` gets at ``path`` with GET and POST; of the desk nobody here gets beyond the door. Nothing they do stays."""
    for method in ("get", "post"):
        if method == "post" and (address.post == "405" or address.room == "desk"):
            continue
        with transaction.atomic():
            cache.clear()
            yield method, getattr(client, method)(path)
            transaction.set_rollback(True)


@pytest.mark.parametrize("who", ["visitor", "ann"])
def test_no_word_of_it_stands_in_any_answer(closed, world, client_of, who):
    client = client_of(getattr(world, who))
    found = []
    for address in TABLE:
        paths = {reverse(address.name, args=arguments(address, world))}
        if address.of in OF_A_BOARD:
            paths.add(reverse(address.name, args=arguments(address, closed)))
        for path in paths:
            for method, answer in answers(client, address, path):
                if leaks(answer):
                    found.append(f"{method.upper()} {path}: {leaks(answer)}")
    for path in (*ASKED, f"/people/{closed.dan.public_id}/"):
        answer = client.get(path)
        said = answer.content.decode().lower()
        # What was asked for stands in the box.
        asked = said.replace('value="marzipan"', "").replace("q=marzipan", "")
        if "marzipan is" in said or "quokka lab" in asked or "marzipan by" in said:
            found.append(path)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", ["visitor", "ann"])
def test_it_is_answered_as_what_is_not_there(closed, world, client_of, who, plain_refusals):
    """Status for status: nobody learns from how they are refused that there is something."""
    client = client_of(getattr(world, who))
    nothing = SimpleNamespace(public_id="23456789abc", slug="nowhere", pk=0)
    missing = SimpleNamespace(
        **vars(world) | {"post": nothing, "comment": nothing, "board": nothing}
    )
    told_apart = []
    for address in TABLE:
        if address.of not in OF_A_BOARD - {"ring_board"}:
            continue
        there = reverse(address.name, args=arguments(address, closed))
        not_there = reverse(address.name, args=arguments(address, missing))
        got = [(method, answer.status_code) for method, answer in answers(client, address, there)]
        wanted = [
            (method, answer.status_code) for method, answer in answers(client, address, not_there)
        ]
        if got != wanted:
            told_apart.append(f"{there}: {got}, not {wanted}")
    assert not told_apart, "\n".join(told_apart)


def test_nothing_of_it_is_sent(closed, settings, frozen):
    settings.HAS_MAIL_SERVER = True
    frozen.shift(7200)
    sending.send_due(now=clock.now())
    ring = {"dan@example.org", "mo@example.org", "pia@example.org", "ada@example.org"}
    for one in mail.outbox:
        if not ring.issuperset(one.to):
            assert not [word for word in SECRETS if word in str(one.message()).lower()], one.subject
    entries = WebhookDelivery.objects.values_list("entry__verb", "entry__subject_id")
    assert ("forum.post-published", closed.alone.pk) not in entries


def test_its_ring_meets_all_of_that(closed, client_of):
    """Or the tests above would pass where nobody sees anything."""
    dan = client_of(closed.dan)
    for path in ("/boards/lab/", f"/posts/{closed.post.public_id}/", "/?sort=mine"):
        assert "Marzipan is broken" in dan.get(path).content.decode(), path
    assert "Quokka lab" in dan.get("/").content.decode()
