"""One set of rules says what a run does. It agrees with the two there were, but where they were wrong."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.asks.standing import Standing
from feedback.grouping.plan import AskNow, part_of_plan, plan_of
from tests.grouping.before_the_plan import OldApplying, foresee


@dataclass(frozen=True)
class OldAsk(AskNow):
    is_locked: bool = False


def group(key, *members, boilerplate=False, joined_from=(), split_from=None):
    lineage = SimpleNamespace(joined_from=tuple(joined_from), split_from=split_from)
    return SimpleNamespace(
        key=key, members=members, boilerplate=boilerplate, title=key.title(), lineage=lineage
    )


def ask(key, *, public=False, dismissed=False, kept=False, locked=False):
    # Whoever confirms, dismisses or locks an ask has decided about it.
    is_kept = kept or public or dismissed or locked
    return OldAsk(key, public, dismissed, is_kept, is_locked=locked)


POSTS = range(10)
KEYS = ["a", "b", "c", "d"]


@st.composite
def boards(draw):
    """A board as a run may find it: asks, posts in them, decisions that do not contradict, and new groups."""
    state = st.sampled_from(["proposed", "kept", "public", "dismissed"])
    asks = {}
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True)):
        what = draw(state)
        asks[key] = ask(
            key,
            public=what == "public",
            dismissed=what == "dismissed",
            kept=what == "kept",
            locked=draw(st.booleans()) and what != "dismissed",
        )
    before = {}
    if asks:
        home = st.one_of(st.none(), st.sampled_from(sorted(asks)))
        before = {pk: key for pk in POSTS if (key := draw(home)) is not None}
    confirmed = {pk for pk in before if draw(st.booleans())}
    label = {pk: draw(st.integers(0, 4)) for pk in POSTS}
    groups = []
    for number in sorted(set(label.values())):
        members = [pk for pk in POSTS if label[pk] == number]
        free = sorted(set(asks) - {one.key for one in groups})
        key = draw(st.sampled_from([*free, f"new{number}"]))
        others = [one for one in asks if one != key]
        joined = draw(st.lists(st.sampled_from(others), max_size=2)) if others else []
        boilerplate = draw(st.integers(0, 5)) == 0
        groups.append(group(key, *members, boilerplate=boilerplate, joined_from=joined))
    pair = st.tuples(st.sampled_from(POSTS), st.sampled_from(POSTS)).filter(lambda p: p[0] < p[1])
    apart = {p for p in draw(st.sets(pair, max_size=3)) if label[p[0]] != label[p[1]]}
    together = {p for p in draw(st.sets(pair, max_size=3)) if label[p[0]] == label[p[1]]}
    ruled_out = st.tuples(st.sampled_from(POSTS), st.sampled_from(sorted(asks) or ["none"]))
    not_here = {
        (pk, key) for pk, key in draw(st.sets(ruled_out, max_size=3)) if before.get(pk) != key
    }
    standing = Standing(
        homes=before,
        confirmed=frozenset(confirmed),
        together=tuple(sorted(together)),
        apart=tuple(sorted(apart)),
        not_here=tuple(sorted(not_here)),
        locked=frozenset(key for key, one in asks.items() if one.is_locked),
    )
    return asks, standing, groups


def old_foreseen(asks, standing, groups):
    homes = standing.homes
    astray = set()
    for kind, pairs in (("TOGETHER", standing.together), ("APART", standing.apart)):
        for one, other in pairs:
            both = one in homes and other in homes
            if both and (homes[one] == homes[other]) == (kind == "APART"):
                astray |= {one, other}
    return foresee(
        groups,
        before=homes,
        confirmed=standing.confirmed,
        asks=asks,
        barred=set(standing.not_here),
        astray=astray,
    )


def old_applied(asks, standing, groups):
    return OldApplying(
        groups,
        asks=asks,
        before=standing.homes,
        confirmed=standing.confirmed,
        not_here=standing.not_here,
        apart=standing.apart,
        together=standing.together,
    )


@given(boards())
def test_without_pairs_all_three_agree(board):
    asks, standing, groups = board
    standing = replace(standing, apart=(), together=())
    plan = plan_of(groups, asks=asks, standing=standing)
    foreseen = old_foreseen(asks, standing, groups)
    applied = old_applied(asks, standing, groups).run()
    assert plan.after == applied
    assert plan.after == {pk: key for pk, key in foreseen.after.items() if key is not None}
    assert set(plan.heirs) == set(foreseen.heirs)
    assert plan.offered == {
        pk: key for pk, key in foreseen.proposed.items() if not standing.keeps_out(pk, key)
    }


@given(boards())
def test_with_pairs_it_is_what_a_run_did(board):
    asks, standing, groups = board
    plan = plan_of(groups, asks=asks, standing=standing)
    old = old_applied(asks, standing, groups)
    applied = old.run()
    if old.removed or any(pk in old.created for pair in standing.apart for pk in pair):
        return  # where a partner came or left in the same run, the old rules looked at where it had been
    assert plan.after == applied


def test_who_comes_in_only_now_takes_nobody_out_of_a_public_ask():
    """Whichever of the two is looked at first: said together, one has no ask yet and the other a public one."""
    asks = {"a": ask("a"), "b": ask("b", public=True)}
    for new, old in ((0, 4), (4, 0)):
        standing = Standing(homes={old: "b"}, confirmed=frozenset(), together=((0, 4),))
        groups = [group("b", 1, 2), group("a", 0, 4)]
        assert plan_of(groups, asks=asks, standing=standing).after[old] == "b", new


@given(boards())
def test_no_plan_breaks_what_people_decided(board):
    asks, standing, groups = board
    plan = plan_of(groups, asks=asks, standing=standing)
    for pk in standing.confirmed:
        assert plan.after[pk] == standing.homes[pk]
    moved = dict(plan.entering) | dict(plan.moving)
    for pk, key in moved.items():
        assert key not in standing.locked
        assert (pk, key) not in standing.not_here
        assert plan.after[pk] == key
    for one, other in standing.apart:
        together_now = plan.after.get(one) is not None and plan.after.get(one) == plan.after.get(
            other
        )
        if together_now:
            assert one not in moved
            assert other not in moved
    for pk, home in standing.homes.items():
        if home in standing.locked:
            assert plan.after[pk] == home


def test_a_post_does_not_follow_whom_it_is_kept_from():
    """The fault of the old foreseeing: it did not look whether an apart partner is in the ask."""
    asks = {"a": ask("a", public=True)}
    standing = Standing(homes={1: "a", 2: "a"}, confirmed=frozenset({1, 2}), apart=((1, 3),))
    groups = [group("a", 2, 3), group("new", 1)]
    assert old_foreseen(asks, standing, groups).after[3] == "a"
    assert 3 not in old_applied(asks, standing, groups).run()
    assert 3 not in plan_of(groups, asks=asks, standing=standing).after


@pytest.mark.parametrize("standing", ["not_here", "locked"])
def test_what_a_person_ruled_out_is_not_offered(standing):
    """The old applying offered to move a post into an ask that a person had ruled out for it."""
    asks = {"a": ask("a", public=True), "b": ask("b", public=True)}
    stands = Standing(
        homes={1: "a", 2: "b"},
        confirmed=frozenset({2}),
        not_here=((1, "b"),) if standing == "not_here" else (),
        locked=frozenset({"b"}) if standing == "locked" else frozenset(),
    )
    asks["b"] = replace(asks["b"], is_locked=standing == "locked")
    groups = [group("b", 1, 2)]
    old = old_applied(asks, stands, groups)
    old.run()
    assert old.moves == {1: "b"}
    assert plan_of(groups, asks=asks, standing=stands).offered == {}


def test_the_link_of_a_dissolved_ask_leads_into_a_new_one_too():
    asks = {"a": ask("a")}
    standing = Standing(homes={1: "a", 2: "a"}, confirmed=frozenset())
    groups = [group("new", 1, 2, 3, joined_from=["a"])]
    plan = plan_of(groups, asks=asks, standing=standing)
    assert plan.heirs == {"a": "new"}
    assert sorted(plan.moving) == [(1, "new"), (2, "new")]


# --- Parts of a plan ------------------------------------------------------------------------------------------------
@given(boards(), st.integers(2, 4))
def test_a_plan_in_parts_is_the_whole_plan(board, size):
    asks, stands, groups = board
    whole = part_of_plan(groups, asks=asks, standing=stands)
    homes, there = dict(stands.homes), dict(asks)
    for one in groups:
        changed = [
            pk
            for pk in one.members
            if whole.after.get(pk) == one.key or whole.after.get(pk) != stands.homes.get(pk)
        ]
        members = sorted(changed, key=lambda pk: (pk not in stands.bound, pk))
        if one.key not in asks and one.key not in whole.new:
            parts = [members]
        else:
            parts = [members[at : at + size] for at in range(0, len(members), size)]
            if len(parts) > 1 and len(parts[-1]) == 1:
                parts[-2:] = [parts[-2] + parts[-1]]
        for part in parts:
            some = group(one.key, *part, boilerplate=one.boilerplate)
            plan = part_of_plan([some], asks=there, standing=replace(stands, homes=homes))
            homes = plan.after
            there |= {key: AskNow(key, False, False, False) for key in plan.new}
    assert homes == whole.after
