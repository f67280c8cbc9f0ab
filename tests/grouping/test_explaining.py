"""What an ask says of itself: its summary, the asks inside it, a split, and posts that say too little."""

import pytest

from feedback.asks.counts import recount
from feedback.asks.decisions.confirm import confirm_ask, lock_ask
from feedback.asks.decisions.shape import move_posts
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Decision, Membership, PlacementAttempt, Proposal
from feedback.asks.presenting import facets_of, quotes_of
from feedback.asks.proposals.operations import accept, dismiss
from feedback.asks.queries import too_little_to_group
from feedback.engine.describe.facets import Facet
from feedback.forum.posts.operations import edit_post, hide_post
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.place.operations import place_pending
from feedback.grouping.runs.explain import Explained, write_explained
from feedback.kernel.refusals import Refusal

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
    """Write what a run would have found: ``explain(ask, parts, apart={"Sunset"})``."""

    def write(ask, parts, apart=(), quotes=()):
        facets = [
            Facet(title, (title.lower(),), tuple(post.pk for post in posts))
            for title, posts in parts.items()
        ]
        numbers = frozenset(n for n, title in enumerate(parts) if title in apart)
        write_explained(
            Explained({"k": quotes}, {"k": facets}, {"k": numbers}, {}),
            homes={"k": ask},
            run=Run.objects.order_by("-id").first(),
            model=EncoderModel.objects.get(),
            now=now,
        )
        ask.refresh_from_db()

    return write


def split_of(ask):
    return Proposal.objects.get(kind="SPLIT", ask=ask, state="OPEN")


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
    assert not Proposal.objects.filter(kind="SPLIT").exists()
    move_posts(posts=parts["Sunset"][:2], to=None, actor=pia, now=now)
    assert [one.title for one in facets_of(ask)] == ["Night shift", "Contrast"]


def test_a_locked_ask_is_left_alone(big, explain, pia, now):
    ask, parts = big
    lock_ask(ask=ask, actor=pia, now=now)
    explain(ask, parts, apart={"Sunset"})
    assert ask.facets == []
    assert not Proposal.objects.filter(kind="SPLIT").exists()


def test_a_split_is_proposed_once_however_its_posts_change_a_little(big, explain):
    ask, parts = big
    explain(ask, parts, apart={"Sunset", "Night shift"})
    first = split_of(ask)
    assert [facet["title"] for facet in first.evidence["facets"]] == ["Night shift", "Sunset"]
    assert first.people_count == 9
    less = parts | {"Sunset": [*parts["Sunset"][:2], parts["Contrast"][0]]}
    explain(ask, less, apart={"Sunset"})
    again = split_of(ask)
    assert again.pk == first.pk
    assert [facet["title"] for facet in again.evidence["facets"]] == ["Sunset"]


def test_what_no_longer_parts_is_withdrawn_and_may_come_back(big, explain):
    ask, parts = big
    explain(ask, parts, apart={"Sunset"})
    proposal = split_of(ask)
    explain(ask, parts)
    proposal.refresh_from_db()
    assert proposal.state == "STALE"
    explain(ask, parts, apart={"Sunset"})
    proposal.refresh_from_db()
    assert proposal.state == "OPEN"


def test_what_a_person_keeps_as_one_is_not_proposed_again(big, explain, pia, now):
    ask, parts = big
    explain(ask, parts, apart={"Sunset"})
    dismiss(proposal=split_of(ask), actor=pia, now=now)
    less = parts | {"Sunset": [*parts["Sunset"][:2], parts["Contrast"][0]]}
    explain(ask, less, apart={"Sunset"})
    assert not Proposal.objects.filter(kind="SPLIT", state="OPEN").exists()
    explain(ask, parts, apart={"Sunset", "Contrast"})
    assert [facet["title"] for facet in split_of(ask).evidence["facets"]] == ["Contrast"]


def test_accepting_makes_the_chosen_parts_asks_with_their_people(big, explain, pia, now):
    ask, parts = big
    confirm_ask(ask=ask, actor=pia, now=now)
    explain(ask, parts, apart={"Sunset", "Night shift"})
    proposal = split_of(ask)
    accept(proposal=proposal, actor=pia, now=now, parts={1: "Less blue at night", 2: ""})
    proposal.refresh_from_db()
    ask.refresh_from_db()
    made = list(Ask.objects.filter(split_from=ask).order_by("id"))
    assert [one.title for one in made] == ["Less blue at night", "Sunset"]
    assert [(one.post_count, one.people_count, one.state) for one in [*made, ask]] == [
        (3, 3, "PUBLIC")
    ] * 3
    assert (proposal.state, proposal.decision.kind) == ("ACCEPTED", "SPLIT")


def test_the_parts_of_a_split_are_undone_one_by_one_in_any_order(big, explain, pia, now):
    ask, parts = big
    confirm_ask(ask=ask, actor=pia, now=now)
    explain(ask, parts, apart={"Sunset", "Night shift"})
    proposal = split_of(ask)
    accept(proposal=proposal, actor=pia, now=now)
    first, last = Decision.objects.filter(kind="SPLIT").order_by("id")
    undo(decision=first, actor=pia, now=now)
    ask.refresh_from_db()
    assert (ask.post_count, ask.people_count) == (6, 6)
    undo(decision=last, actor=pia, now=now)
    ask.refresh_from_db()
    proposal.refresh_from_db()
    assert (ask.post_count, ask.people_count, proposal.state) == (9, 9, "OPEN")


def test_one_part_has_to_stay_and_one_has_to_go(big, explain, pia, now):
    ask, parts = big
    explain(ask, parts, apart=set(parts))
    with pytest.raises(Refusal, match="keeps the name and the link"):
        accept(proposal=split_of(ask), actor=pia, now=now)
    with pytest.raises(Refusal, match="Choose what is to be"):
        accept(proposal=split_of(ask), actor=pia, now=now, parts={})
    assert not Decision.objects.filter(kind="SPLIT").exists()
    assert Ask.objects.filter(split_from=ask).count() == 0


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
