"""One notice a person and thing, however the worker dies."""

import contextlib
import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.asks.answers import answer_ask
from feedback.asks.stages import Stage
from feedback.forum.votes.operations import vote
from feedback.journal import operations as journal
from feedback.journal.models import Dispatch, Entry
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.notify import fan_out, occasions, recipients
from feedback.notify.models import Notice
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Item
from tests.both import often


class Killed(BaseException):
    """kill -9, as far as one process can show it: nothing catches it, nothing is tidied up."""


class FailsAfter:
    """Has the handler write one notice at a time and stop after some, by an error or by death."""

    def __init__(self, monkeypatch):
        self.left = None
        self.how = RuntimeError
        monkeypatch.setattr(recipients, "BATCH", 1)
        monkeypatch.setattr(fan_out, "in_batches", self.in_batches)

    def in_batches(self, people, *, but_not, muted):
        for batch in recipients.in_batches(people, but_not=but_not, muted=muted):
            if self.left is not None:
                if self.left == 0:
                    raise self.how
                self.left -= 1
            yield batch


deeds = st.one_of(
    st.tuples(st.just("move"), st.sampled_from([Stage.PLANNED, Stage.IN_PROGRESS, Stage.BETA])),
    st.tuples(st.just("ship"), st.none()),
    st.tuples(st.just("decline"), st.none()),
    st.tuples(st.just("answer"), st.none()),
    st.tuples(st.just("tell again"), st.integers(0, 20)),
    st.tuples(
        st.just("deliver"),
        st.tuples(st.integers(0, 4) | st.none(), st.sampled_from([RuntimeError, Killed])),
    ),
    st.tuples(st.just("wait"), st.integers(0, 200)),
)


@pytest.fixture
def crowd(dark_mode, person, now):
    """Three more voters: five people behind the ask in all, with Ann and Bo."""

    post = dark_mode.medoid
    for name in ("Cleo", "Dan", "Eve"):
        vote(post=post, person=person(name), now=now)
    return 5


@settings(max_examples=often(30), suppress_health_check=list(HealthCheck))
@given(story=st.lists(deeds, max_size=14))
def test_any_story_of_crashes_ends_with_one_notice_each(
    story, crowd, item, dark_mode, pia, frozen, monkeypatch
):
    fails = FailsAfter(monkeypatch)
    start = clock.now()
    with transaction.atomic():
        for deed, how in story:
            fails.left = None
            live = Item.objects.get(pk=item.pk)
            match deed:
                case "move":
                    _try(roadmap.move, item=live, stage=how, actor=pia, now=clock.now())
                case "ship":
                    _try(roadmap.ship, item=live, version="1", actor=pia, now=clock.now())
                case "decline":
                    _try(roadmap.decline, item=live, reason="No.", actor=pia, now=clock.now())
                case "answer":
                    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
                case "tell again":
                    entries = list(Entry.objects.filter(verb__in=occasions.by_verb()))
                    fan_out.tell(entries[how % len(entries)])
                case "deliver":
                    fails.left, fails.how = how
                    with contextlib.suppress(Killed):
                        journal.deliver_due(now=clock.now())
                case "wait":
                    frozen.shift(how)
        fails.left = None
        _deliver_the_rest(frozen)
        told = Entry.objects.filter(verb__in=occasions.by_verb())
        told = told.exclude(verb__in=[Verb.POST_PUBLISHED, Verb.RELEASED])  # nobody follows those
        things = {occasions.by_verb()[entry.verb].key(entry) for entry in told}
        assert Notice.objects.count() == crowd * len(things)
        assert set(Notice.objects.values_list("key", flat=True)) == things
        assert not Dispatch.objects.exclude(state=Dispatch.State.DONE).exists()
        transaction.set_rollback(True)
    frozen.move_to(start)


def _try(act, **arguments):
    """Do what a manager tries; the table of stages may say no."""
    with contextlib.suppress(Refusal), transaction.atomic():
        act(**arguments)


def _deliver_the_rest(frozen):
    """Let leases and pauses run out, and release by hand what was parked after too many failures."""
    for _ in range(200):
        waiting = Dispatch.objects.exclude(state=Dispatch.State.DONE)
        if not waiting.exists():
            return
        waiting.filter(state=Dispatch.State.PARKED).update(
            state=Dispatch.State.WAITING, attempts=0, due_at=clock.now()
        )
        frozen.shift(dt.timedelta(minutes=3))
        journal.deliver_due(now=clock.now())
    raise AssertionError("The outbox never came to rest.")
