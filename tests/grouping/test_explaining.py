"""What an ask says of itself: its summary, the parts inside it, and posts that say too little."""

import pytest

from feedback.asks.counts import recount
from feedback.asks.decisions.confirm import lock_ask
from feedback.asks.decisions.shape import move_posts
from feedback.asks.models import Ask, Membership, PlacementAttempt
from feedback.asks.presenting import facets_of, quotes_of
from feedback.asks.queries import too_little_to_group
from feedback.engine.describe.facets import Facet
from feedback.forum.models import Post
from feedback.forum.posts.operations import edit_post, hide_post
from feedback.grouping.models import Run
from feedback.grouping.place.operations import place_pending
from feedback.grouping.runs.apply import AsksStep
from feedback.grouping.runs.explain import Explained, tells_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def big(grouped, publish, person, now):
    """An ask of nine posts that are three things: (the ask, the posts by thing)."""
    ask = Ask.objects.get(memberships__post=grouped["dark"][0])
    parts = {
        title: [publish(person(f"{title}{n}"), f"{title} number {n}") for n in range(count)]
        for title, count in (("Night shift", 3), ("Sunset", 3), ("Contrast", 3))
    }
    Membership.objects.filter(ask=ask).delete()
    for posts in parts.values():
        for post in posts:
            Membership.objects.create(post=post, ask=ask, source="MACHINE", placed_at=now)
    ask.medoid = parts["Contrast"][0]
    ask.save()
    recount([ask.pk])
    ask.refresh_from_db()
    return ask, parts


@pytest.fixture
def explain(now):
    """Write what a run would have found: ``explain(ask, parts)``."""

    def write(ask, parts, quotes=()):
        facets = [
            Facet(title, (title.lower(),), tuple(post.pk for post in posts))
            for title, posts in parts.items()
        ]
        found = Explained({"k": quotes}, {"k": facets}, {})
        tells = tells_of(found, "k", dict(Post.objects.values_list("pk", "public_id")))
        some = {"ask": ask.public_id, "is_there": True, "boilerplate": False}
        some |= {"posts": [], "out": [], "says": None, "tells": tells}
        run = Run.objects.order_by("-id").first()
        AsksStep({"groups": [some], "given_up": {}}, run=run).write(now=now)
        ask.refresh_from_db()

    return write


# --- Summaries ---------------------------------------------------------------------------------------------
def test_a_run_quotes_posts_of_the_ask_word_for_word(grouped, publish, person, regroup):
    for number, body in enumerate(
        [
            "The white screen hurts my eyes at night, so please add dark mode to the app.",
            "I read in bed every night and need dark mode for the app.",
            "Dark mode would be great at night because the screen is too bright.",
        ]
    ):
        publish(person(f"Reader {number}"), "Add dark mode", body=body)
    regroup()
    ask = Ask.objects.get(memberships__post=grouped["dark"][0])
    quotes = quotes_of([ask])[ask.pk]
    assert quotes
    for quote in quotes:
        post = Membership.objects.get(ask=ask, post__public_id=quote.public_id).post
        assert quote.sentence in f"{post.title}\n{post.body}"


def test_what_an_author_edited_withdrew_or_took_elsewhere_is_not_quoted(big, explain, now, pia, mo):
    ask, parts = big
    night, sunset = parts["Night shift"][0], parts["Sunset"][0]
    explain(
        ask,
        parts,
        quotes=[(night.pk, "Night shift number 0"), (sunset.pk, "Sunset number 0")],
    )
    assert [one.sentence for one in quotes_of([ask])[ask.pk]] == [
        "Night shift number 0",
        "Sunset number 0",
    ]
    edit_post(post=night, editor=night.author, title="Something else", body="", now=now)
    hide_post(post=sunset, moderator=mo, now=now)
    assert quotes_of([ask])[ask.pk] == []


# --- Facets and splits --------------------------------------------------------------------------------------
def test_facets_are_kept_and_follow_their_posts(big, explain, pia, now):
    ask, parts = big
    explain(ask, parts)
    assert [(one.title, one.post_count) for one in facets_of(ask)] == [
        ("Night shift", 3),
        ("Sunset", 3),
        ("Contrast", 3),
    ]
    move_posts(posts=parts["Sunset"][:2], to=None, actor=pia, now=now)
    assert [one.title for one in facets_of(ask)] == ["Night shift", "Contrast"]


def test_a_locked_ask_is_left_alone(big, explain, pia, now):
    ask, parts = big
    lock_ask(ask=ask, actor=pia, now=now)
    explain(ask, parts)
    assert ask.facets == []


def test_a_part_with_few_posts_left_is_not_kept(big, explain, pia, now):
    ask, parts = big
    explain(
        ask, {title: posts[:2] if title == "Sunset" else posts for title, posts in parts.items()}
    )
    assert [one.title for one in facets_of(ask)] == ["Night shift", "Contrast"]


# --- Posts that say too little -------------------------------------------------------------------------------
def test_a_run_marks_posts_that_say_too_little_and_takes_the_mark_back(
    product, grouped, publish, person, regroup, now
):
    thanks = publish(person("Kind"), "Thanks!")
    regroup()
    placement = PlacementAttempt.objects.get(post=thanks)
    assert placement.boilerplate == "courtesy"
    assert list(too_little_to_group(product)) == [thanks]
    edit_post(post=thanks, editor=thanks.author, title="Add a dark mode", body="", now=now)
    regroup()
    placement.refresh_from_db()
    assert placement.boilerplate == ""
    assert not too_little_to_group(product).exists()


def test_placing_marks_them_at_once(grouped, publish, person, embed, now):
    thanks = publish(person("Kind"), "Thank you so much!")
    embed()
    place_pending(now=now)
    assert PlacementAttempt.objects.get(post=thanks).boilerplate == "courtesy"
    assert not Membership.objects.filter(post=thanks).exists()


def test_a_proposed_group_of_praise_is_no_ask_any_more(
    grouped, publish, person, regroup, monkeypatch
):
    from feedback.engine.describe import groups

    monkeypatch.setattr(groups, "says_nothing", lambda keywords: False)
    titles = [
        "best great Zeitung i love it",
        "great best Zeitung love it so",
        "i love it great Zeitung best",
        "best love great Zeitung",
    ]
    posts = [publish(person(f"Fan {n}"), title) for n, title in enumerate(titles)]
    regroup()
    ask = Ask.objects.get(memberships__post=posts[0])
    monkeypatch.undo()
    regroup()
    ask.refresh_from_db()
    assert ask.state == "RETIRED"
    assert not Membership.objects.filter(post__in=posts).exists()
