"""Proposals about several asks, and about a part of one: made by a run, decided on the desk, taken back."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.asks.counts import drifted
from feedback.asks.decisions.pairs import say_together
from feedback.asks.decisions.shape import join_asks
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Bond, Decision, Membership, Proposal
from feedback.asks.proposals.operations import accept, dismiss
from feedback.asks.queries import resolve
from feedback.grouping.runs.propose import wanted_of
from feedback.grouping.runs.split import two_groups, wanted_split
from feedback.journal.models import Entry
from tests.both import often

pytestmark = pytest.mark.django_db


@pytest.fixture
def same(posts, publish, person, make_ask):
    """Three public asks that want the same dark mode."""
    titles = ("Dark mode for the app please", "A dark mode", "Dark mode at night", "Add dark mode")
    more = [publish(person(f"Late {n}"), title) for n, title in enumerate(titles)]
    dark = posts["dark"]
    return [
        make_ask(*some, title=title)
        for some, title in (
            ([*dark[:2], more[0]], "Dark mode"),
            ([dark[2], more[1]], "Mode of the dark"),
            ([dark[3], more[2], more[3]], "Night mode"),
        )
    ]


@pytest.fixture
def several(same, regroup, pia, now):
    """The proposal to join them that a run makes, since people said of their posts that they belong together."""
    first, second = Membership.objects.filter(ask=same[0]).order_by("pk")[:2]
    say_together(post=first.post, other=second.post, actor=pia, now=now)
    regroup()
    return Proposal.objects.get(kind="JOIN_MANY", state="OPEN")


@pytest.fixture
def mixed(posts, publish, person, make_ask, regroup):
    """A public ask of two things, each post of which somebody confirmed; a run proposes to split it."""
    places = (
        "night",
        "reader",
        "home",
        "list",
        "menu",
        "video",
        "map",
        "profile",
        "search",
        "chat",
    )
    both = {
        words: [
            publish(person(f"{words} {n}"), f"{words} {place}") for n, place in enumerate(places)
        ]
        for words in ("Add a dark mode theme in the", "Export my data as a CSV file from the")
    }
    dark, export = both.values()
    ask = make_ask(*posts["dark"], *dark, *posts["export"], *export, title="Dark mode")
    Membership.objects.filter(ask=ask).update(is_confirmed=True)
    regroup()
    return ask


def shown(ask):
    """What a decision about ``ask`` may change, by value."""
    return (
        sorted(Membership.objects.values_list("post", "ask", "source", "actor", "is_confirmed")),
        sorted(Ask.objects.there().values_list("pk", "title", "state", "post_count")),
        ask.public_id,
    )


def home(ask):
    """Return the ask that the link of ``ask`` leads to by now."""
    return resolve(Ask.objects.get(pk=ask.pk))


def say(desk, proposal, **form):
    return desk.post(f"/desk/proposals/{proposal.public_id}/", form, follow=True)


# --- Several asks ---------------------------------------------------------------------------------------------
def test_asks_that_hang_together_are_one_proposal(same, several, desk):
    assert not Proposal.objects.filter(kind="JOIN", state="OPEN").exists()
    assert set(several.evidence["asks"]) == {ask.public_id for ask in same}
    assert several.people_count == sum(ask.people_count for ask in same)
    page = desk.get(f"/desk/proposals/{several.public_id}/").content.decode()
    for ask in same:
        assert f'name="ask" value="{ask.public_id}"' in page
    assert "?kind=JOIN_MANY" in page


def test_the_ticked_become_one_and_who_is_left_out_stays_apart(same, several, desk):
    joined, left = same[:2], same[2]
    ticked = [ask.public_id for ask in joined]
    page = say(desk, several, do="confirm", asks="1", ask=ticked).content.decode()
    assert "Joined: " in page
    assert home(joined[0]) == home(joined[1]) != home(left)
    decision = Decision.objects.get(kind="JOIN")
    bound = Bond.objects.filter(decision=decision, kind="NOT_HERE")
    assert bound.filter(ask=left).count() == sum(ask.post_count for ask in joined)
    assert Entry.objects.filter(verb="asks.ask-joined").count() == 1
    desk.post(f"/desk/decisions/{decision.public_id}/undo/")
    several.refresh_from_db()
    assert (several.state, Ask.objects.filter(state="JOINED").count()) == ("OPEN", 0)
    assert not Bond.objects.filter(decision__undone_at=None, kind="NOT_HERE").exists()


def test_one_alone_is_not_joined_and_nothing_is_lost(same, several, desk):
    answer = desk.post(
        f"/desk/proposals/{several.public_id}/",
        {"do": "confirm", "asks": "1", "ask": same[0].public_id},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "Tick two asks or more" in answer.content.decode()
    assert not Decision.objects.filter(kind="JOIN").exists()


def test_all_are_joined_by_one_decision_and_each_link_leads_on(same, several, desk):
    say(desk, several, do="confirm")
    assert len({home(ask).pk for ask in same}) == 1
    assert Decision.objects.filter(kind="JOIN").count() == 1
    assert Entry.objects.filter(verb="asks.ask-joined").count() == len(same) - 1


def test_no_keeps_every_two_of_them_apart_and_no_run_asks_again(same, several, desk, regroup):
    say(desk, several, do="reject")
    decision = Decision.objects.get(kind="APART")
    expected = sum(ask.post_count for ask in same) * (len(same) - 1)
    assert Bond.objects.filter(decision=decision, kind="NOT_HERE").count() == expected
    regroup()
    assert not Proposal.objects.filter(kind__in=["JOIN", "JOIN_MANY"], state="OPEN").exists()
    desk.post(f"/desk/decisions/{decision.public_id}/undo/")
    several.refresh_from_db()
    assert several.state == "OPEN"


def test_with_one_of_them_left_it_is_overtaken_and_undoing_brings_it_back(
    same, several, desk, ann, pia, publish, make_ask, now
):
    elsewhere = make_ask(publish(ann, "Something else"))
    others = [ask for ask in same if ask.pk != several.ask_id]
    decisions = [join_asks(ask=ask, into=elsewhere, actor=pia, now=now) for ask in others]
    several.refresh_from_db()
    assert several.state == "STALE"
    undo(decision=decisions[-1], actor=pia, now=now)
    several.refresh_from_db()
    assert several.state == "OPEN"


def test_no_is_said_even_where_one_alone_is_left(same, several, desk):
    gone = [ask.pk for ask in same if ask.pk != several.ask_id]
    Ask.objects.filter(pk__in=gone).update(state="RETIRED")
    say(desk, several, do="reject")
    several.refresh_from_db()
    assert (several.state, several.decision) == ("DISMISSED", None)


@given(st.sets(st.integers(0, 2)), st.booleans())
@settings(max_examples=often(8))
def test_whatever_is_said_undoing_restores_the_asks(same, several, pia, now, ticked, yes):
    before = shown(same[0])
    several.refresh_from_db()
    if yes and len(ticked) > 1:
        chosen = [same[at] for at in ticked]
        decision = accept(proposal=several, actor=pia, now=now, ticked=chosen)
    else:
        decision = dismiss(proposal=several, actor=pia, now=now)
    assert drifted() == []
    undo(decision=decision, actor=pia, now=now)
    assert shown(same[0]) == before
    assert drifted() == []
    several.refresh_from_db()
    assert several.state == "OPEN"


def test_pairs_stay_pairs_and_many_are_not_thrown_together():
    def kinds(pairs):
        sizes = dict.fromkeys("abcdefghijkl", 2)
        offers = [(10 * at + n, a, b) for at, (a, b) in enumerate(pairs) for n in (0, 1)]
        return sorted(one.kind for one in wanted_of(offers, sizes=sizes, public_ids={}))

    assert kinds([("a", "b"), ("c", "d")]) == ["JOIN", "JOIN"]
    assert kinds([("a", "b"), ("b", "c"), ("a", "d"), ("e", "f")]) == ["JOIN", "JOIN_MANY"]
    assert kinds([("a", "b"), ("b", "a")]) == ["JOIN", "JOIN"]
    assert set(kinds([(one, "l") for one in "abcdefghi"])) == {"JOIN"}


# --- A split --------------------------------------------------------------------------------------------------
def test_an_ask_of_two_things_is_proposed_to_be_split(mixed, desk):
    found = Proposal.objects.get(kind="SPLIT", state="OPEN")
    assert found.ask == mixed
    page = desk.get(f"/desk/proposals/{found.public_id}/").content.decode()
    assert page.index('id="leave-title"') < page.index('id="stay-title"')
    assert f'value="{found.evidence["title"]}"' in page
    kept = found.evidence["posts"][0]
    answer = say(
        desk, found, do="confirm", title="A file of my data", shown=found.evidence["posts"],
        post=found.evidence["posts"][1:],
    )  # fmt: skip
    assert "“A file of my data” is an ask of its own now" in answer.content.decode()
    made = Ask.objects.get(title="A file of my data")
    assert made.split_from == mixed
    assert Membership.objects.get(post__public_id=kept).ask == mixed
    decision = Decision.objects.get(kind="SPLIT")
    desk.post(f"/desk/decisions/{decision.public_id}/undo/")
    found.refresh_from_db()
    assert found.state == "OPEN"
    assert not Membership.objects.filter(ask=made).exists()


def test_it_is_one_ask_is_remembered_when_more_posts_came(mixed, desk, publish, person, regroup):
    found = Proposal.objects.get(kind="SPLIT")
    say(desk, found, do="reject")
    for n in range(2):
        publish(person(f"More {n}"), f"Export my data as a CSV file from the table {n}")
    regroup()
    assert not Proposal.objects.filter(kind="SPLIT", state="OPEN").exists()
    desk.post(f"/desk/proposals/{found.public_id}/undo/")
    found.refresh_from_db()
    assert found.state == "OPEN"


class Part:
    def __init__(self, title, members):
        self.title, self.members = title, members


def test_only_two_clear_groups_are_a_split():
    def found(*sizes, inside=30, medoid=0, together=(), placed=()):
        parts, start = [], 0
        for number, size in enumerate(sizes):
            parts.append(Part(f"part {number}", range(start, start + size)))
            start += size
        return two_groups(parts, range(inside), medoid=medoid, together=together, placed=placed)

    assert found(18, 10) == ("part 1", set(range(18, 28)))
    assert found(18, 10, medoid=20) == ("part 0", set(range(18)))
    assert found(30) is None
    assert found(10, 8, 6, 6) is None, "More than two."
    assert found(26, 4) is None, "Too few."
    assert found(18, 10, together=[(0, 20)]) is None
    assert found(18, 10, together=[(20, 21)]) is not None
    assert found(18, 10, placed=range(18, 28)) is None


def test_much_the_same_split_keeps_its_name():
    known = [("split:a:1", frozenset("abcdef")), ("split:a:2", frozenset("xyz"))]
    assert wanted_split("a", "T", list("abcdefgh"), known).fingerprint == "split:a:1"
    assert wanted_split("a", "T", list("ghij"), known).fingerprint not in dict(known)


# --- To take along --------------------------------------------------------------------------------------------
def test_the_list_comes_as_csv_as_it_is_narrowed(several, desk):
    answer = desk.get("/desk/inbox/proposals.csv?kind=JOIN_MANY")
    read = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    rows = list(read)
    assert [row[:2] for row in rows] == [["id", "kind"], [several.public_id, "JOIN_MANY"]]
