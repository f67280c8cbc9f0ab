"""A run is written in many short transactions: each leaves what may be seen, none loses what people decide, any may be the last."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from feedback.asks import standing
from feedback.asks.counts import drifted, recount
from feedback.asks.decisions.confirm import confirm_ask, dismiss_ask, lock_ask
from feedback.asks.decisions.pairs import say_apart
from feedback.asks.decisions.shape import join_asks, move_post
from feedback.asks.erasing import asks_left_empty
from feedback.asks.locking import hold_grouping
from feedback.asks.models import GONE, Area, Ask, Membership, PlacementAttempt, Proposal
from feedback.forum.erasing import erase_posts
from feedback.grouping.models import Finding, Run
from feedback.grouping.questions import operations as questions
from feedback.grouping.runs import areas, findings, regroup
from feedback.grouping.runs.apply import AsksStep
from feedback.grouping.runs.regroup import LEASE, regroup_due
from feedback.grouping.runs.request import request_run
from feedback.kernel import clock
from tests.both import on_one_database

pytestmark = pytest.mark.django_db


#: Transactions that a run of the small board takes at the least, in small steps.
FEWEST = 7


class Killed(BaseException):
    """The process is gone: nothing that cleans up after an error runs."""


@pytest.fixture
def between(monkeypatch):
    """Have ``act(n)`` called after each of the short transactions of a run, and after a step is read, in turn from 1."""

    def have(act):
        done = iter(range(1, 10_000))

        @contextmanager
        def turn():
            with transaction.atomic():
                yield
            act(next(done))

        class Step(AsksStep):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                act(next(done))

        monkeypatch.setattr(regroup, "AsksStep", Step)
        monkeypatch.setattr(regroup, "turn", turn)
        monkeypatch.setattr(areas, "turn", turn)
        monkeypatch.setattr(questions, "turn", turn)

    return have


@pytest.fixture
def small_steps(monkeypatch):
    """Write few posts at a time, so that a small board takes many transactions."""
    monkeypatch.setattr(findings, "PIECE", 4)
    monkeypatch.setattr(findings, "AN_ASK", 1)


@pytest.fixture
def run_of(product, embed, now):
    """Embed what is new and ask for a run; it is not begun."""

    def ask():
        embed()
        return request_run(product=product, now=clock.now())

    return ask


@pytest.fixture
def mixed_up(grouped, regroup):
    """A grouped board whose asks are wrong since: one is two, two are one, one is half empty."""
    dark, export = (Ask.objects.get(memberships__post=grouped[t][0]) for t in ("dark", "export"))
    Membership.objects.filter(post__in=grouped["dark"][2:]).update(ask=export)
    Membership.objects.filter(post__in=grouped["crash"]).update(ask=dark)
    Membership.objects.filter(post__in=grouped["offline"][:2]).delete()
    recount(Ask.objects.values_list("pk", flat=True))
    return grouped


def picture():
    """What people see of the asks, without the names of those that a run has made."""
    posts = {}
    for pk, post in Membership.objects.values_list("ask", "post"):
        posts.setdefault(pk, set()).add(post)
    asks = {
        pk: (*said, frozenset(posts.get(pk, ())))
        for pk, *said in Ask.objects.values_list(
            "pk", "state", "title", "post_count", "people_count", "medoid", "summary"
        )
    }
    return (
        sorted(map(str, asks.values())),
        sorted(
            (kind, state, str(asks[ask]), str(asks.get(other)), people)
            for kind, state, ask, other, people in Proposal.objects.values_list(
                "kind", "state", "ask", "other_ask", "people_count"
            )
        ),
        sorted(PlacementAttempt.objects.values_list("post", "boilerplate", "area__name")),
        sorted(Area.objects.values_list("name", "state", "ask_count", "post_count")),
    )


def what_is_wrong():
    """Return what a reader may never see."""
    wrong = [f"the counts of ask {pk} are not what it holds" for pk in drifted()]
    for ask in Ask.objects.annotate(held=Count("memberships")):
        waits = Proposal.objects.filter(ask=ask, kind="NEW_ASK", state="OPEN").exists()
        if ask.state in GONE and (ask.held or waits):
            wrong.append(f"“{ask}” is given up and holds posts or waits")
        if ask.state == Ask.State.PROPOSED and ask.held > 1 and not waits:
            wrong.append(f"“{ask}” is proposed and does not wait for anybody")
        if ask.joined_into_id and ask.joined_into.state in GONE:
            wrong.append(f"“{ask}” leads to an ask that is given up")
        if (
            ask.state not in GONE
            and ask.held
            and not ask.memberships.filter(post=ask.medoid).exists()
        ):
            wrong.append(f"“{ask}” is named after a post that is elsewhere")
    said = standing.everywhere()
    if said.contradiction():
        wrong.append("decisions contradict each other")
    return wrong


# --- Each transaction leaves what may be seen ------------------------------------------------------------------
def test_after_every_transaction_everything_is_as_it_may_be(posts, run_of, between, small_steps):
    seen = []
    between(lambda number: seen.append(what_is_wrong()))
    run_of()
    assert regroup_due(now=clock.now()).state == Run.State.DONE
    assert len(seen) > FEWEST
    assert [wrong for wrong in seen if wrong] == []


def test_and_while_asks_are_taken_apart_and_put_together(mixed_up, run_of, between, small_steps):
    seen = []
    between(lambda number: seen.append(what_is_wrong()))
    run_of()
    assert regroup_due(now=clock.now()).state == Run.State.DONE
    assert [wrong for wrong in seen if wrong] == []
    for theme in ("dark", "export", "crash", "offline"):
        assert (
            len(
                set(
                    Membership.objects.filter(post__in=mixed_up[theme]).values_list(
                        "ask", flat=True
                    )
                )
            )
            == 1
        )


# --- Any transaction may be the last ----------------------------------------------------------------------------
@pytest.mark.parametrize("start", ["posts", pytest.param("mixed_up", marks=on_one_database)])
def test_a_run_killed_after_any_transaction_comes_to_the_same(
    request, start, run_of, between, small_steps, frozen
):
    request.getfixturevalue(start)

    def through(killed_after):
        def act(number):
            if number == killed_after:
                raise Killed

        between(act)
        run = run_of()
        try:
            regroup_due(now=clock.now())
        except Killed:
            between(lambda number: None)
            frozen.shift(LEASE + dt.timedelta(seconds=1))
            assert regroup_due(now=clock.now()) == run
            return False
        finally:
            run.refresh_from_db()
        return True

    def once(killed_after):
        with transaction.atomic():
            ended = through(killed_after)
            assert Run.objects.order_by("-id").first().state == Run.State.DONE
            assert not Finding.objects.exists()
            seen = picture()
            transaction.set_rollback(True)
        return ended, seen

    _, unbroken = once(0)
    number, ended = 0, False
    while not ended:
        number += 1
        ended, seen = once(number)
        assert seen == unbroken, number
    assert number > FEWEST


def test_what_a_killed_run_found_is_not_written_under_another_model(
    posts, run_of, between, small_steps, frozen
):
    def act(number):
        if Run.objects.filter(stage=Run.APPLYING).exists():
            raise Killed

    between(act)
    run = run_of()
    with pytest.raises(Killed):
        regroup_due(now=clock.now())
    left = Finding.objects.count()
    Run.objects.update(model_key="the-one-before")
    between(lambda number: None)
    frozen.shift(LEASE + dt.timedelta(seconds=1))
    assert left
    assert regroup_due(now=clock.now()) == run
    assert "the-one-before" not in set(Membership.objects.values_list("model_key", flat=True))
    assert not Finding.objects.exists()


# --- What people decide meanwhile ---------------------------------------------------------------------------------
def decide_to_move(grouped, pia, now):
    post, to = grouped["export"][0], Ask.objects.get(memberships__post=grouped["offline"][2])
    move_post(post=post, to=to, actor=pia, now=now)
    return lambda: Membership.objects.get(post=post).ask == to


def decide_to_lock(grouped, pia, now):
    ask = Ask.objects.get(memberships__post=grouped["export"][0])
    lock_ask(ask=ask, actor=pia, now=now)
    held = set(ask.memberships.values_list("post", flat=True))
    return lambda: set(ask.memberships.values_list("post", flat=True)) == held


def decide_to_confirm(grouped, pia, now):
    ask = Ask.objects.get(memberships__post=grouped["export"][0])
    confirm_ask(ask=ask, actor=pia, now=now, title="As it is")
    held = set(ask.memberships.values_list("post", flat=True))

    def holds():
        ask.refresh_from_db()
        now_held = set(ask.memberships.values_list("post", flat=True))
        return (ask.state, ask.title) == ("PUBLIC", "As it is") and held <= now_held

    return holds


def decide_to_join(grouped, pia, now):
    ask, into = (Ask.objects.get(memberships__post=grouped[t][0]) for t in ("export", "深色"))
    if ask == into:
        return lambda: True
    join_asks(ask=ask, into=into, actor=pia, now=now)
    held = set(into.memberships.values_list("post", flat=True))

    def holds():
        ask.refresh_from_db()
        return ask.joined_into == into and held <= set(
            into.memberships.values_list("post", flat=True)
        )

    return holds


def decide_to_dismiss(grouped, pia, now):
    ask = Ask.objects.get(memberships__post=grouped["export"][0])
    dismiss_ask(ask=ask, actor=pia, now=now)

    def holds():
        ask.refresh_from_db()
        waits = Proposal.objects.filter(ask=ask, kind="NEW_ASK", state="OPEN")
        return ask.state == "DISMISSED" and not waits.exists()

    return holds


def decide_apart(grouped, pia, now):
    one, other = grouped["dark"][0], grouped["dark"][3]
    homes = Membership.objects.filter(post__in=[one, other])
    shared = len(set(homes.values_list("ask", flat=True))) < homes.count()
    say_apart(post=one, other=other, actor=pia, now=now)

    def holds():
        if shared:  # two who share an ask when it is said are taken apart by the next run
            request_run(product=grouped["dark"][0].board.product, now=clock.now())
            regroup_due(now=clock.now())
        return len(set(homes.values_list("ask", flat=True))) == homes.count()

    return holds


def decide_to_take_away(grouped, pia, now):
    """As undoing an import does, which writes no decision."""
    gone = [post.pk for post in grouped["dark"][:2]]
    with transaction.atomic():
        hold_grouping()
        assert not asks_left_empty(gone, now=now)
        erase_posts(post_ids=gone, now=now)
    return lambda: not Membership.objects.filter(post__in=gone).exists()


DECISIONS = [
    decide_to_take_away,
    decide_to_move,
    decide_to_lock,
    decide_to_confirm,
    decide_to_join,
    decide_to_dismiss,
    decide_apart,
]


@on_one_database
@pytest.mark.parametrize("decide", DECISIONS)
def test_what_is_decided_between_two_transactions_holds(
    mixed_up, run_of, between, small_steps, pia, decide
):
    """After whichever transaction it comes."""

    def through(number):
        holds = []

        def act(at):
            if at == number:
                holds.append(decide(mixed_up, pia, clock.now()))

        with transaction.atomic():
            between(act)
            run_of()
            assert regroup_due(now=clock.now()).state == Run.State.DONE
            connection.check_constraints()
            assert all(one() for one in holds), number
            assert what_is_wrong() == [], number
            transaction.set_rollback(True)
        return bool(holds)

    number = 1
    while through(number):
        number += 1
    assert number > FEWEST


# --- A run writes what changed --------------------------------------------------------------------------------------
def written_to(queries):
    """Return the tables that were written to, once for each statement."""
    found = []
    for one in queries:
        words = one["sql"].replace('"', "").split()
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            found.append(words[1] if words[0] == "UPDATE" else words[2])
    return found


def test_a_run_that_changes_nothing_writes_nothing_but_that_it_was(grouped, regroup):
    regroup()
    with CaptureQueriesContext(connection) as run:
        regroup()
    tables = written_to(run)
    assert not {name for name in tables if name.startswith(("asks_", "forum_"))}
    assert tables.count("grouping_finding") <= 2
    assert len(tables) < 20


def test_a_new_post_is_written_and_its_ask_and_no_other(grouped, regroup, publish, ann):
    regroup()
    before = dict(Membership.objects.values_list("post", "run_id"))
    publish(ann, "A dark mode for the app please")
    with CaptureQueriesContext(connection) as run:
        done = regroup()
    dark = {post.pk for post in grouped["dark"]}
    written = {
        pk for pk, said in Membership.objects.values_list("post", "run_id") if said == done.pk
    }
    assert written - before.keys()
    assert written & before.keys() <= dark
    assert len(written) <= len(dark) + 1
    assert written_to(run).count("asks_membership") <= 2
