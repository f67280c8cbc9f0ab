"""One ask on the desk: voices that differ, releases on its line, what people said after it shipped, moving by a dialog."""

import datetime as dt

import pytest

from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.models import Membership
from feedback.forum.models import Post
from feedback.kernel import clock
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Cell, Release
from feedback.roadmap.reports.operations import Said, open_report, send_report
from feedback.roadmap.stops import Stop

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(grouped, ask_of, pia):
    """A confirmed ask of four posts."""
    found = ask_of(grouped["export"][0])
    confirm_ask(ask=found, actor=pia, now=clock.now())
    found.refresh_from_db()
    return found


def page_of(client, ask, more=""):
    return client.get(f"/desk/asks/{ask.public_id}/{more}").content.decode()


# --- Voices ---------------------------------------------------------------------------------------------------------
def test_sentences_that_differ_are_worth_reading(ask, desk):
    posts = Post.objects.filter(membership__ask=ask)
    bodies = (
        "I want to take all of my data with me as a CSV file.",
        "My accountant asks for a table of the last year every spring.",
        "Please let me export every list that I have made in here.",
    )
    for post, body in zip(posts, bodies, strict=False):
        Post.objects.filter(pk=post.pk).update(body=body)
    page = page_of(desk, ask, "near/")
    assert "More voices" in page
    assert bodies[0] in page and bodies[1] in page


def test_who_may_not_be_quoted_is_not(ask, desk):
    words = "My accountant asks for a table of the last year every spring."
    first = Post.objects.filter(membership__ask=ask).first()
    Post.objects.filter(pk=first.pk).update(body=words, may_quote=False)
    assert words not in page_of(desk, ask, "near/")


# --- Releases on its line --------------------------------------------------------------------------------------------
def test_what_came_out_meanwhile_stands_on_the_line(ask, desk, product, now):
    posts = list(Post.objects.filter(membership__ask=ask).order_by("pk"))
    for n, post in enumerate(posts):
        Post.objects.filter(pk=post.pk).update(posted_at=now - dt.timedelta(days=20 * n))
    days = {"4.0": 10, "4.1": 30, "1.0": 900}
    for version, ago in days.items():
        at = now - dt.timedelta(days=ago)
        Release.objects.create(
            product=product,
            version=version,
            release_date=at.date(),
            released_at=at,
            stop=Stop.RELEASED,
        )
    page = page_of(desk, ask)
    assert page.count('class="trend__mark"') == 2
    assert "<bdi>4.0</bdi>" in page and "<bdi>1.0</bdi>" not in page


# --- After it shipped -------------------------------------------------------------------------------------------------
def test_what_people_said_after_it_shipped_stands_there(dark_mode, ann, pia, now, desk, client_of):
    item = roadmap.adopt(ask=dark_mode, title="A dark theme", actor=pia, now=now)
    assert "A dark theme" in page_of(desk, dark_mode)
    assert "after it shipped" not in page_of(desk, dark_mode, "near/")
    shipped = roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    report = open_report(release=shipped.release, now=now)
    said = [
        Said(Cell.LOVED, item=shipped, text="The night is dark at last"),
        Said(Cell.WAITING_FOR, text="A lamp"),
    ]
    send_report(report=report, person=ann, said=said, now=report.opens_at)
    page = page_of(desk, dark_mode, "near/")
    assert "What people said after it shipped" in page
    assert "The night is dark at last" in page and "A lamp" not in page


# --- Moving by a dialog ------------------------------------------------------------------------------------------------
HTMX = {"HX-Request": "true"}


def test_moving_opens_a_dialog_that_finds_as_one_types(ask, desk, grouped, ask_of):
    other = ask_of(grouped["crash"][0])
    post = Post.objects.filter(membership__ask=ask).first()
    assert f'hx-get="/desk/asks/{ask.public_id}/move/"' in page_of(desk, ask)
    address = f"/desk/asks/{ask.public_id}/move/"
    dialog = desk.get(address, {"post": post.public_id}, headers=HTMX).content.decode()
    assert 'id="dialog-title"' in dialog and "<html" not in dialog
    assert f'name="post" value="{post.public_id}"' in dialog
    asked = {"post": post.public_id, "q": "crash"}
    found = desk.get(address, asked, headers={**HTMX, "HX-Target": "candidates"})
    assert other.public_id in found.content.decode()
    assert "dialog-title" not in found.content.decode()
    desk.post(address, {"post": post.public_id, "to": other.public_id})
    assert Membership.objects.get(post=post).ask == other


def test_with_nothing_ticked_it_says_so(ask, desk):
    answer = desk.get(f"/desk/asks/{ask.public_id}/move/", headers=HTMX)
    assert answer.status_code == 422 and "Tick the posts first" in answer.content.decode()


def test_without_scripts_it_is_a_page(ask, desk):
    post = Post.objects.filter(membership__ask=ask).first()
    chosen = {"do": "move", "post": post.public_id}
    page = desk.post(f"/desk/asks/{ask.public_id}/posts/", chosen, follow=True)
    assert "<html" in page.content.decode() and "Move 1 post to" in page.content.decode()
