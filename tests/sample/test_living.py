"""The place that comes with Heed: it fits whatever day it is loaded on, and is as large and as mixed as it says."""

import datetime as dt
import tomllib
from collections import Counter, defaultdict

import pytest

from feedback.asks.areas.counts import reconcile_areas, recount_changed_areas
from feedback.asks.models import Ask, Decision, Proposal
from feedback.briefs.models import Brief
from feedback.forum.models import Attachment, Board, Comment, Poll, Post
from feedback.kernel import clock, text
from feedback.roadmap.models import Item, Release, Report, ReportResponse
from feedback.sample.catalogue import Sample
from feedback.sample.loading import load
from feedback.sample.place.moments import Moments
from feedback.sample.place.reading import people_of, posts_of
from tests.both import on_one_database

LIVING = Sample("living")
PEOPLE = {one.key: one for one in people_of(LIVING.folder / "people.md")}
POSTS = posts_of(LIVING.folder / "posts")
REPORTS = tomllib.loads((LIVING.folder / "reports.toml").read_text(encoding="utf-8"))
STORY = tomllib.loads((LIVING.folder / "story.toml").read_text(encoding="utf-8"))


def test_everybody_and_every_board_that_is_named_is_there():
    boards = {board["slug"] for board in LIVING.boards}
    assert {post.board for post in POSTS} == boards
    said = [one for post in POSTS for one in (post, *post.comments)]
    spoke = {one.by for one in [*said, *(reply for one in said for reply in one.replies)]}
    assert spoke <= PEOPLE.keys()
    assert len(spoke) > 150
    assert len(boards) <= 10


def test_no_two_posts_say_the_same_words():
    words = Counter(text.content_hash(post.title, post.body) for post in POSTS)
    assert max(words.values()) == 1


def test_it_is_mixed_as_real_ones_are():
    languages = Counter(text.language_of(text.text_of(post.title, post.body)) for post in POSTS)
    assert languages["en"] > 300
    assert languages["zh"] > 190
    wishes = Counter(post.wish for post in POSTS if post.wish)
    assert sum(count >= 15 for count in wishes.values()) >= 5
    assert sum(3 <= count <= 10 for count in wishes.values()) >= 40
    assert sum(not post.wish for post in POSTS) > 90
    assert any("hidden" in post.marks for post in POSTS)


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize(("hour", "minute"), [(0, 1), (8, 30), (23, 59)])
def test_the_story_holds_on_whatever_day_it_is_told(weekday, hour, minute):
    now = dt.datetime(2026, 3, 2 + weekday, hour, minute, tzinfo=dt.UTC)
    at = Moments(now, dt.UTC).at
    posted = defaultdict(list)
    written = {}
    for post in POSTS:
        when = at(post.when)
        assert now - dt.timedelta(days=86) < when < now, post.where
        assert now - dt.timedelta(days=PEOPLE[post.by].joined) < when, post.where
        posted[post.wish].append(when)
        written[post.title] = post
        for answer in post.comments:
            replied = at(answer.when, after=when)
            assert when <= replied < now, answer.where
            assert now - dt.timedelta(days=PEOPLE[answer.by].joined) < replied, answer.where
            for reply in answer.replies:
                said = at(reply.when, after=replied)
                assert replied <= said < now, reply.where
                assert now - dt.timedelta(days=PEOPLE[reply.by].joined) < said, reply.where
    for wish, told in STORY["ask"].items():
        begun = at(told["begun"])
        assert sum(when < begun for when in posted[wish]) >= 2, wish
        for when, *_said in [*told.get("answers", []), *filter(None, [told.get("declined")])]:
            assert at(when) > begun, wish
        for when, title in told.get("contested", []):
            taken = max(moment for moment in map(at, [told["begun"], *told["more"]]))
            assert at(written[title].when) < taken < at(when), title
    for name, told in STORY["area"].items():
        assert all(at(STORY["ask"][wish]["begun"]) < at(told["made"]) for wish in told["asks"]), (
            name
        )
    for name, told in STORY["item"].items():
        way = [told["adopted"], *(when for when, _stage in told.get("moved", []))]
        way += told.get("shipped", [])[:1]
        moments = [at(STORY["ask"][wish]["begun"]) for wish in told["asks"]] + [
            at(one) for one in way
        ]
        assert moments == sorted(moments), name


def test_the_reports_name_who_and_what_there_is():
    shipped = {
        name: told["shipped"][1] for name, told in STORY["item"].items() if "shipped" in told
    }
    for version, told in REPORTS.items():
        lines = told["lines"]
        assert {name for name, one in shipped.items() if one == version} == told["items"].keys()
        assert {who for who, *_rest in lines} <= PEOPLE.keys()
        assert {wish for _who, _cell, _line, *wishes in lines for wish in wishes} <= STORY[
            "ask"
        ].keys()
        assert told["waiting"].keys() <= STORY["ask"].keys()
        assert max(map(sum, told["items"].values())) <= told["people"] <= 60
        languages = {text.language_of(line) for _who, _cell, line, *_wishes in lines}
        assert languages == {"en", "zh"}


@on_one_database
def test_it_comes_to_life_and_its_reports_are_told_as_far_as_their_weeks_have_come(db, frozen):
    """On a Tuesday night, when the last report has just opened. To tell the story takes long: it is told once."""
    now = on_the_evening_of(3, frozen)
    it_came_to_life(load(name="living", now=now))
    the_reports_are_told(now, people=[52, 58, 25])


@on_one_database
def test_after_the_next_train_its_report_has_not_opened_yet(db, frozen):
    now = on_the_evening_of(7, frozen)
    load(name="living", now=now)
    the_reports_are_told(now, people=[52, 55])


def on_the_evening_of(day, frozen):
    now = dt.datetime(2026, 3, day, 20, 0, tzinfo=dt.UTC)
    frozen.move_to(now)
    return now


def the_reports_are_told(now, *, people):
    reports = list(Report.objects.order_by("opens_at"))
    for report, most in zip(reports, people, strict=True):
        assert report.opens_at.weekday() == 1
        assert report.opens_at < now
        assert (report.closed_at is not None) == (report.closes_at < now)
        assert most / 2 < report.responses.count() <= most
    assert reports[0].award is not None
    assert not ReportResponse.objects.filter(sent_at__gte=now).exists()
    assert Proposal.objects.filter(kind="REGRESSION", evidence__report__people__gt=0).exists()


def it_came_to_life(loaded):
    assert loaded.posts == len(POSTS) + 1 > 500  # and the brief
    assert Ask.objects.filter(product=loaded.product).public().count() >= 40
    assert {item.stage for item in Item.objects.all()} == {
        "PLANNED",
        "IN_PROGRESS",
        "BETA",
        "SHIPPED",
    }
    shipped = Release.objects.filter(lines__isnull=False).distinct()
    assert [one.release_date.weekday() for one in shipped] == [4, 4, 4]
    assert all(one.is_out for one in shipped)
    assert all(one.notes_en and one.notes_zh and not one.notes_en_by_machine for one in shipped)
    assert [one.lines.count() for one in shipped] == [2, 3, 3]
    assert Release.objects.filter(release_date__gte=clock.now().date()).count() == 2
    assert Ask.objects.filter(stage="DECLINED").count() >= 3
    assert Ask.objects.filter(state="JOINED").count() == 1
    assert Proposal.objects.get(kind="CONTEST").state == "OPEN"
    assert Decision.objects.filter(kind="CONFIRM").count() >= 40
    assert Comment.objects.filter(is_official=True).count() > 30
    assert Post.objects.filter(state="HIDDEN").count() == 4
    assert Board.objects.get(slug="dormouse-news").post_count == 9
    assert (recount_changed_areas(), reconcile_areas(fix=False)) == (0, 0)
    # People talk with each other there.
    replies = [reply for post in POSTS for one in post.comments for reply in one.replies]
    assert Comment.objects.exclude(reply_to=None).count() == len(replies) > 12
    assert Comment.objects.filter(reply_to=None, reactions__kind="LAUGH").distinct().count() > 10
    assert Post.objects.filter(kind="QUESTION").exclude(accepted=None).count() > 6
    assert Post.objects.get(state="HELD").cases.get().is_held
    assert Poll.objects.get().ballots.count() == sum(STORY["poll"]["next-train"]["chosen"])
    assert Brief.objects.get().is_published
    pictures = Attachment.objects.all()
    assert {one.kind for one in pictures} == {"IMAGE"} and all(one.alt for one in pictures)
    assert {one.post_id is None for one in pictures} == {True, False}
