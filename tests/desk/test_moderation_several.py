"""Deciding about several cases at once: choosing all that is shown, each kind of decision, one undo."""

import re

import pytest
from zeal import zeal_ignore

from feedback.accounts.models import User
from feedback.forum.boards.operations import make_board
from feedback.forum.comments.operations import comment
from feedback.forum.models import Case, Post, Ruling
from feedback.forum.rights.operations import Place, give
from feedback.kernel import clock

pytestmark = pytest.mark.django_db
HOME = "/desk/moderation/"


@pytest.fixture
def cases(ann, person, bo, publish, reported):
    """A post of Ann and one of Cleo, both reported."""
    return [reported(publish(one, "Cheap hats"), bo) for one in (ann, person("Cleo"))]


@pytest.fixture
def decide_about(client_of, rule):
    """Decide the same about cases as the form does; return the page one comes to."""

    def decide(who, cases, action, **more):
        said = {"case": [one.public_id for one in cases], "do": action, "rule": rule.slug} | more
        with zeal_ignore():  # each case is one transaction
            answer = client_of(who).post(f"{HOME}several/", said, follow=True)
        return answer.content.decode()

    return decide


def boxes(page):
    """Return whether each box of a case is ticked."""
    return ["checked" in box for box in re.findall(r'<input[^>]*name="case"[^>]*>', page)]


def offered(page):
    """Return what may be decided about several."""
    select = page.partition('id="several-do"')[2].partition("</select>")[0]
    return re.findall(r'value="([A-Z]+)"', select)


def test_all_that_is_shown_is_chosen_also_without_scripts(
    ann, bo, mo, publish, client_of, reported
):
    for number in range(45):
        reported(publish(ann, f"Hats {number}"), bo)
    client = client_of(mo)
    page = client.get(f"{HOME}?kind=reported").content.decode()
    assert boxes(page) == [False] * 40 and "Select all: 40 shown" in page
    assert "?kind=reported&amp;page=1&amp;all=1" in page
    assert "<span data-chosen>0</span> chosen" in page
    page = client.get(f"{HOME}?kind=reported&page=1&all=1").content.decode()
    assert boxes(page) == [True] * 40 and "<span data-chosen>40</span> chosen" in page
    assert boxes(client.get(f"{HOME}?page=2&all=1").content.decode()) == [True] * 5


def test_everybody_is_warned_in_their_own_language_by_one_rule(mo, cases, decide_about):
    User.objects.filter(display_name="Cleo").update(language="zh-hans")
    page = decide_about(mo, cases, "WARN")
    assert "Decided 2 times: Warn" in page
    assert [one.word for one in Ruling.objects.order_by("pk")] == ["It sells.", "这是广告。"]
    assert len(set(Ruling.objects.values_list("together", flat=True))) == 1


def test_one_word_of_ones_own_is_for_all(mo, cases, decide_about):
    decide_about(mo, cases, "WARN", word="No hats, please.")
    assert set(Ruling.objects.values_list("word", flat=True)) == {"No hats, please."}


@pytest.mark.parametrize(
    ("action", "until"), [("MUTE", "muted_until"), ("SUSPEND", "suspended_until")]
)
def test_several_are_muted_or_suspended_for_so_many_days(
    mo, cases, decide_about, client_of, action, until
):
    people = User.objects.filter(pk__in=[one.author.pk for one in cases])
    decide_about(mo, cases, action, days="3")
    days = {(getattr(one, until) - clock.now()).days for one in people.all()}
    assert days == {3}
    with zeal_ignore():
        client_of(mo).post(f"{HOME}decisions/{Ruling.objects.last().public_id}/undo/")
    assert {getattr(one, until) for one in people.all()} == {None}
    assert Case.objects.filter(closed_at=None).count() == 2


def test_several_posts_move_and_come_back(
    ann, bo, pia, cases, decide_about, client_of, reported, now
):
    there = make_board(slug="lounge", name="Lounge", now=now)
    said = comment(post=cases[0].post, author=bo, body="Dear hats", now=now)
    page = decide_about(pia, [*cases, reported(said, ann)], "MOVE", board=there.slug)
    assert "Decided 2 times: Move to a board" in page
    assert "1 case waits still. Only a post can be moved." in page
    assert Post.objects.filter(board=there).count() == 2
    with zeal_ignore():
        client_of(pia).post(f"{HOME}decisions/{Ruling.objects.last().public_id}/undo/")
    assert not Post.objects.filter(board=there).exists()


def test_what_one_may_not_do_is_neither_offered_nor_done(
    bo, mo, pia, ada, person, board, cases, client_of, decide_about
):
    kit = person("Kit")
    give(person=kit, role="MODERATOR", place=Place(board=board), actor=ada, now=clock.now())
    here = ["KEEP", "HIDE", "REMOVE", "WARN"]
    everywhere = ["KEEP", "HIDE", "REMOVE", "NAME", "BIO", "FACE", "WARN", "MUTE", "SUSPEND", "BAN"]
    for who, acts in ((kit, here), (mo, everywhere), (pia, [*everywhere, "MOVE"])):
        assert offered(client_of(who).get(HOME).content.decode()) == acts
    for action in ("SUSPEND", "MOVE"):
        page = decide_about(kit, cases, action, days="3", board=board.slug)
        assert "2 cases wait still. Somebody with more rights there" in page
    assert not Ruling.objects.exists()


def test_one_stays_in_the_list_one_was_in(mo, cases, client_of, rule):
    said = {"case": cases[0].public_id, "do": "HIDE", "rule": rule.slug}
    answer = client_of(mo).post(f"{HOME}several/?kind=reported", said)
    assert answer.headers["Location"] == f"{HOME}?kind=reported"


def test_every_key_that_is_explained_is_there(pia, cases, client_of, now):
    make_board(slug="lounge", name="Lounge", now=now)
    client = client_of(pia)
    client.post(f"{HOME}{cases[1].public_id}/", {"do": "KEEP"})
    page = client.get(f"{HOME}{cases[0].public_id}/").content.decode()
    help_of = page.partition("<main")[0] + page.partition("</main>")[2]
    for key in "exdwmsbvlu":
        assert f'data-key="{key}"' in page and f"<kbd>{key}</kbd>" in help_of, key
    assert 'data-key="1"' in page
