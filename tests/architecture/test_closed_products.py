"""Nothing of a closed product leaks: every address of the site, as a visitor and as a member who reads none of its boards."""

from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.urls import reverse

from feedback.asks.areas.operations import make_area
from feedback.briefs.models import Brief
from feedback.forum.boards.operations import edit_board, open_board
from feedback.forum.closed.naming import name_on_board
from feedback.forum.comments.operations import comment
from feedback.forum.models import Board
from feedback.forum.products.operations import edit_product, make_product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.notify.channels.email import sending
from feedback.notify.following.operations import subscribe
from feedback.notify.models import Endpoint, WebhookDelivery
from feedback.roadmap import operations as roadmap
from feedback.roadmap.reports.operations import open_report
from tests.architecture.examples import a_brief, arguments
from tests.architecture.test_addresses import TABLE
from tests.architecture.test_closed_boards import answers

#: What may be asked of something of a product, by the example that `arguments` takes.
OF_A_PRODUCT = {
    "post", "comment", "board", "product", "ask", "area", "item", "shipped", "flagged", "followed", "brief", "release",
    "story", "report",
}  # fmt: skip
#: Addresses that name a product after the path; of these the one that is closed is named.
NAMED = {"", "release"}
#: Where words are looked for beside that.
ASKED = ("/search/?q=marzipan", "/search/?q=quokka", "/asks/?q=marzipan", "/roadmap/?view=list")
#: Stands in the words of all that belongs to the product, and in its name.
SECRETS = ("marzipan", "quokka")
TITLES = (
    "Quokka",
    "Marzipan is",
    "Marzipan held",
    "Marzipan that",
    "Quick marzipan",
    "Marzipan faster",
)


@pytest.fixture
def closed(world, pia, person, publish, make_ask, now):
    """A product of which everything was public, and that was closed; beside the small world. Dan alone reads its board."""
    Endpoint.objects.update(groups=["POSTS", "ANSWERS", "ROADMAP", "RELEASES"])
    dan = person("Dan")
    product = make_product(slug="newest", name="Quokka", actor=pia, now=now)
    board = open_board(slug="lab", name="Quokka lab", product=product, actor=pia, now=now)
    post = publish(world.bo, "Marzipan is broken", body="All of the marzipan.", board=board)
    said = comment(post=post, author=world.ann, body="Marzipan too.", now=now)
    ask = make_ask(post, title="Marzipan that holds")
    area = make_area(name="Marzipan things", asks=[ask], actor=pia, now=now)
    item = roadmap.adopt(ask=ask, actor=pia, now=now, title="Marzipan held")
    fast = make_ask(publish(world.bo, "Marzipan faster", board=board), title="Marzipan speed")
    shipped = roadmap.adopt(ask=fast, actor=pia, now=now, title="Quick marzipan")
    roadmap.ship(item=shipped, version="1.4.0", actor=pia, now=now)
    shipped.refresh_from_db()
    report = open_report(release=shipped.release, now=now)
    there = SimpleNamespace(**vars(world) | {"board": board})
    brief = a_brief("brief", there)
    Brief.objects.filter(pk=brief.pk).update(words_en="Marzipan.", words_zh="Marzipan.")
    for about, pk in (("ITEM", item.pk), ("RELEASE", shipped.release_id), ("ASK", ask.pk)):
        subscribe(person=world.ann, about=about, about_id=pk, is_muted=False, now=now)
        subscribe(person=dan, about=about, about_id=pk, is_muted=False, now=now)
    while journal.deliver_due(now=clock.now()):
        pass
    edit_product(product=product, is_closed=True, actor=pia, now=now)
    board = edit_board(board=Board.objects.get(pk=board.pk), readers="RING", actor=pia, now=now)
    name_on_board(board=board, person=dan, actor=pia, now=now)
    roadmap.move(item=item, stage="IN_PROGRESS", actor=pia, now=now)
    while journal.deliver_due(now=clock.now()):
        pass
    of_it = {"board": board, "post": post, "comment": said, "ask": ask, "area": area, "item": item}
    of_it |= {"shipped": shipped, "report": report, "dan": dan}
    return SimpleNamespace(**vars(world) | of_it)


def paths(address, closed, product):
    """Yield where ``address`` leads to something of the closed product, or to a page about ``product``."""
    kept = urlencode({"product": product})
    if address.of in OF_A_PRODUCT:
        yield reverse(address.name, args=arguments(address, closed)) + f"?{kept}"
    elif not address.of:
        yield reverse(address.name) + f"?{kept}"
    else:
        yield reverse(address.name, args=arguments(address, closed))


@pytest.mark.parametrize("who", ["visitor", "ann", "bo"])
def test_no_word_of_it_stands_in_any_answer(closed, world, client_of, who):
    client, found = client_of(getattr(world, who)), []
    for address in TABLE:
        for path in [*paths(address, closed, "newest"), *paths(address, world, "")]:
            for method, answer in answers(client, address, path):
                if said := leaks(answer):
                    found.append(f"{method.upper()} {path}: {said}")
    for path in (f"/people/{closed.dan.public_id}/", f"/people/{closed.bo.public_id}/"):
        if said := leaks(client.get(path)):
            found.append(f"{path}: {said}")
    for path in ASKED:
        # The words that were asked for stand in the box, and in what else one may do with them.
        if any(title in client.get(path).content.decode() for title in TITLES):
            found.append(path)
    assert not found, "\n".join(found)


def leaks(answer):
    """Return which secrets stand in an answer."""
    said = answer.getvalue().decode(errors="replace") + repr(dict(answer.headers))
    return [word for word in SECRETS if word in said.lower()]


@pytest.mark.parametrize("who", ["visitor", "ann"])
def test_it_is_answered_as_what_is_not_there(closed, world, client_of, who, plain_refusals):
    """Status for status: nobody learns from how they are refused that there is something."""
    client, told_apart = client_of(getattr(world, who)), []
    nothing = SimpleNamespace(public_id="23456789abc", slug="nowhere", pk=0, product=None)
    nothing.product = nothing
    missing = SimpleNamespace(**vars(world) | dict.fromkeys(OF_A_PRODUCT, nothing))
    for address in TABLE:
        if address.of not in OF_A_PRODUCT - {"brief", "story", "report"} | {""}:
            continue
        (there,), (elsewhere,) = (
            paths(address, closed, "newest"),
            paths(address, missing, "nowhere"),
        )
        got, wanted = (
            [(method, answer.status_code) for method, answer in answers(client, address, path)]
            for path in (there, elsewhere)
        )
        if got != wanted:
            told_apart.append(f"{there}: {got}, not {wanted}")
    assert not told_apart, "\n".join(told_apart)


def test_who_reads_its_board_meets_it(closed, client_of):
    """Or the tests above would pass where nobody sees anything."""
    dan, there = client_of(closed.dan), "?product=newest"
    release = reverse("roadmap:release-detail", args=["1.4.0"])
    for path, words in (
        ("/products/newest/", "Quokka"),
        ("/boards/lab/", "Marzipan is broken"),
        (f"/roadmap/{there}", "Marzipan held"),
        (reverse("roadmap:item-detail", args=[closed.item.public_id]), "Marzipan held"),
        (f"{reverse('roadmap:release-list')}{there}", "Quick marzipan"),
        (f"{release}{there}", "Quick marzipan"),
        ("/", "Quokka"),
    ):
        assert words in dan.get(path).content.decode(), path
    told = dan.get("/inbox/").content.decode()
    assert "Marzipan held" in told, "who may know of it hears on"


def test_nothing_of_it_is_sent_to_others(closed, settings, frozen):
    settings.HAS_MAIL_SERVER = True
    sent = len(mail.outbox)
    frozen.shift(7200)
    sending.send_due(now=clock.now())
    circle = {f"{name}@example.org" for name in ("dan", "mo", "pia", "ada")}
    for one in mail.outbox[sent:]:
        if not circle.issuperset(one.to):
            assert not [word for word in SECRETS if word in str(one.message()).lower()], one.subject
    told = WebhookDelivery.objects.filter(entry__subject_type="roadmap.item")
    told = told.filter(entry__subject_id=closed.item.pk).values_list("entry__verb", flat=True)
    assert [*told] == [Verb.ITEM_ADOPTED], "of what was before it was closed, and not that it moved"


def test_nobody_else_finds_it_in_what_they_were_told(closed, client_of):
    said = client_of(closed.bo).get("/inbox/").content.decode().lower()
    assert "not public any more" in said
    assert "marzipan" not in said
