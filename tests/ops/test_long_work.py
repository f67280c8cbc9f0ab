"""Long work keeps its lease for as long as it takes, and is taken up soon after its worker is killed."""

import datetime as dt
import threading

import pytest

from feedback.accounts.own_data import erasing
from feedback.accounts.own_data.models import Erasure
from feedback.grouping.models import Run
from feedback.grouping.runs import regroup
from feedback.grouping.runs.request import request_run
from feedback.grouping.trial import compare
from feedback.kernel import clock, doorbell

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(seconds=90)


class Killed(BaseException):
    """A worker is killed here."""


def beating() -> bool:
    return any(thread.name == "lease" for thread in threading.enumerate())


@pytest.mark.parametrize("step", ["corpus_of", "explain", "arrange_areas", "ensure_index"])
def test_a_run_keeps_its_lease_in_every_step(product, posts, embed, monkeypatch, step):
    embed()
    request_run(product=product, now=clock.now())
    seen = []
    real = getattr(regroup, step)

    def watched(*args, **kwargs):
        seen.append(beating())
        return real(*args, **kwargs)

    monkeypatch.setattr(regroup, step, watched)
    assert regroup.regroup_due(now=clock.now()) is not None
    assert seen == [step != "ensure_index"]
    assert not beating()


def test_a_killed_run_is_taken_up_within_a_minute_and_a_half(
    product, posts, embed, monkeypatch, frozen
):
    embed()
    run = request_run(product=product, now=clock.now())

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as first, pytest.raises(Killed):
        first.setattr(regroup, "explain", killed)
        regroup.regroup_due(now=clock.now())
    assert regroup.regroup_due(now=clock.now()) is None
    frozen.shift(SOON - looks_every("regroup"))
    assert regroup.regroup_due(now=clock.now()) == run
    run.refresh_from_db()
    assert run.state == Run.State.DONE


def test_a_killed_erasure_is_taken_up_within_a_minute_and_a_half(ann, monkeypatch, frozen):
    erasing.ask_erasure(person=ann, keeps_words=True, actor=ann, now=clock.now())
    seen = []

    def killed():
        seen.append(beating())
        raise Killed

    with monkeypatch.context() as first, pytest.raises(Killed):
        first.setattr(erasing, "parts", killed)
        erasing.erase_due(now=clock.now())
    assert seen == [True]
    assert erasing.erase_due(now=clock.now()) == 0
    frozen.shift(SOON - looks_every("erase_people"))
    assert erasing.erase_due(now=clock.now()) == 1
    assert Erasure.objects.get().done_at is not None


def test_a_killed_comparison_is_free_within_a_minute_and_a_half():
    assert compare.LEASE + looks_every("try_model") <= SOON


def looks_every(task: str) -> dt.timedelta:
    return dt.timedelta(
        seconds=next(seconds for job, seconds in doorbell.periodic() if job.name == task)
    )
