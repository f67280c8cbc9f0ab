"""A place that is loaded is a place that lived: everything came by an operation, at its own time."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from feedback.accounts.models import Role, User
from feedback.asks.models import Ask, Decision, Proposal
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Board, Comment, Post, Product, Vote
from feedback.forum.search import index
from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import ChangelogLine, Item, Release
from feedback.sample import choosing
from feedback.sample.loading import load
from feedback.sample.place.moments import Moments
from feedback.sample.place.reading import BrokenPlace, people_of, posts_of


def post_called(title):
    return Post.objects.get(title=title)


def test_what_people_wrote_is_there_with_its_time_and_its_marks(kettle, now):
    post = post_called("It should whistle")
    assert post.author.name == "Ida"
    assert post.author.bio == "Drinks tea · and coffee."
    assert post.posted_at == now.replace(hour=9, minute=15) - dt.timedelta(days=40)
    assert "## not a heading" in post.body
    assert (post.product_version, post.vote_count, post.comment_count) == ("1.2", 3, 2)
    assert post.is_answered
    assert post_called("希望水开了会响").language == "zh"
    assert post_called("It leaks").kind == Post.Kind.BUG
    assert post_called("BUY CHEAP CUPS").state == Post.State.HIDDEN
    assert post_called("Never mind").state == Post.State.WITHDRAWN
    assert post_called("Kettle 1.3 is out").author.role == Role.MANAGER


def test_nothing_lies_in_the_future(kettle, now):
    assert not Post.objects.filter(posted_at__gte=now).exists()
    assert not Comment.objects.filter(posted_at__gte=now).exists()
    assert not Vote.objects.filter(voted_at__gte=now).exists()
    assert Comment.objects.get(body="Mine too.").posted_at > post_called("It leaks").posted_at


def test_the_team_decided_as_people_decide(kettle, now):
    ask = Ask.objects.get(title="A kettle that whistles")
    assert (ask.is_public, ask.stage, ask.product) == (True, "SHIPPED", kettle)
    assert ask.post_count == 3
    assert ask.answers.get().body == "We hear you."
    assert ask.created_at.date() == (now - dt.timedelta(days=35)).date()
    assert Decision.objects.filter(kind="MOVE").count() == 2
    assert Proposal.objects.get(kind="CONTEST").post.title == "Whistle, but quieter at night"
    tea = Ask.objects.get(title="Free tea")
    assert (tea.stage, tea.decline_reason) == ("DECLINED", "We sell kettles.")
    assert {one.area.name for one in (ask, tea)} == {"Comfort"}
    item = Item.objects.get()
    release = Release.objects.get()
    assert (item.release, release.version, release.release_date.weekday()) == (release, "1.3", 4)
    assert release.release_date < now.date()
    # Whoever asked until it shipped is credited.
    line = ChangelogLine.objects.get()
    assert [User.objects.get(public_id=who).name for who in line.credited] == ["Ida", "Tom", "小林"]


def test_counts_search_and_journal_are_those_of_a_site_that_lived(kettle, run_jobs):
    run_jobs()
    assert set(reconcile_counts().values()) == {0}
    assert [pk for pk, _ in index.find("whistle", limit=9)]
    assert Entry.objects.filter(verb="forum.post-published").count() == Post.objects.count()
    assert Entry.objects.filter(verb="roadmap.item-shipped").exists()


def test_the_same_votes_come_whenever_it_is_loaded(kettle):
    post = post_called("It should whistle")
    voters = set(post.votes.values_list("person__display_name", flat=True))
    assert len(voters) == 3
    assert "Ida" in voters
    assert not voters & {"Petra Holm", "Max"}


def test_nobody_signs_in_as_somebody_made_up(kettle):
    people = User.objects.filter(origin_key__startswith="sample-small:")
    assert people.count() == 5
    assert all(one.email is None and not one.has_usable_password() for one in people)


def test_it_is_loaded_once_and_comes_whole(small, db):
    with pytest.raises(RuntimeError, match="in the middle"):
        load(name="small", now=clock.now(), on_progress=_stumble)
    assert not Post.objects.exists()
    load(name="small", now=clock.now(), is_stopped=lambda: True)
    assert not Post.objects.exists()
    first = load(name="small", now=clock.now())
    again = load(name="small", now=clock.now())
    assert first == again
    assert first.posts == 10


def _stumble(progress):
    raise RuntimeError("in the middle")


def test_what_is_ones_own_is_not_written_over(small, board, now):
    mine = Product.objects.create(slug="kettle", name="My kettle", created_at=now)
    with pytest.raises(Refusal, match="a product of your own"):
        load(name="small", now=now)
    mine.slug = "mine"
    mine.save()
    Board.objects.create(slug="kettle-bugs", name="Mine", product=mine)
    with pytest.raises(Refusal, match="a board of another product"):
        load(name="small", now=now)


# --- When -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_moments_fit_whatever_day_it_is(weekday, hour):
    zone = ZoneInfo("Asia/Shanghai")
    now = dt.datetime(2026, 3, 2 + weekday, hour, 1, tzinfo=zone)
    moments = Moments(now, zone)
    assert moments.at("-3 21:40") == now.replace(hour=21, minute=40) - dt.timedelta(days=3)
    assert moments.at("-5h") == now - dt.timedelta(hours=5)
    assert moments.at("-0 23:59") < now
    last, coming = moments.friday("fri-1"), moments.friday("fri+0")
    assert last.weekday() == coming.weekday() == 4
    assert last < now.date() <= coming
    assert moments.at("fri-1 16:00").date() == last
    assert moments.at("tue-2 10:00").weekday() == 1
    assert dt.timedelta(7) < now - moments.at("tue-2 10:00") < dt.timedelta(15)
    assert moments.at("fri-2+1 16:00").date() == last - dt.timedelta(days=6)
    assert moments.at("fri-1 16:30") < moments.at("fri-1 +1%") < moments.at("fri-1 +99%") < now
    assert moments.at("+20m", after=now - dt.timedelta(hours=1)) == now - dt.timedelta(minutes=40)
    assert moments.at("+3d", after=now - dt.timedelta(hours=1)) < now


@pytest.mark.parametrize(
    "words", ["yesterday", "-3", "+3d", "fri 16:00", "-3 25:00", "off-1 10:00"]
)
def test_a_time_that_says_nothing_is_refused(words):
    with pytest.raises(ValueError):
        Moments(dt.datetime(2026, 3, 2, tzinfo=dt.UTC), dt.UTC).at(words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("## Title\nida\n", "say who wrote it and when"),
        ("## Title\nida · -3 10:00 · shiny\n", "“shiny” says nothing"),
        ("### ida · +3h\nFirst!\n", "a comment before the first post"),
    ],
)
def test_a_file_that_is_not_written_as_it_should_says_where(tmp_path, words, said):
    (tmp_path / "one.md").write_text(words, encoding="utf-8")
    with pytest.raises(BrokenPlace, match=f"one.md, line 1: .*{said}"):
        posts_of(tmp_path)
    people = tmp_path / "people.txt"
    people.write_text("- ida · Ida\n", encoding="utf-8")
    with pytest.raises(BrokenPlace, match="line 1"):
        people_of(people)


# --- Which ----------------------------------------------------------------------------------------------
def test_each_word_means_its_samples():
    assert choosing.names() == ["living", "reviews", "vscode"]
    assert choosing.chosen("") == choosing.chosen("  ") == ["living"]
    assert choosing.chosen("none") == []
    assert choosing.chosen("living, VSCode，reviews,") == ["living", "vscode", "reviews"]
    with pytest.raises(choosing.UnknownSample, match='no sample called "foo"; choose living'):
        choosing.chosen("foo")
    with pytest.raises(choosing.UnknownSample, match="stands alone"):
        choosing.chosen("none,living")
