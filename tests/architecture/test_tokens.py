"""Each kind of token at its own door and at every other: it opens what the table says, as long as it says, and nothing else."""

import datetime as dt
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from zeal import zeal_ignore

from feedback.accounts.models import RateBucket, User
from feedback.journal.models import Entry
from feedback.kernel import clock
from tests.architecture.examples import a_ring_board
from tests.architecture.tokens import makers, of_links, of_machines, of_people
from tests.architecture.tokens.kind import Kind, said
from tests.processes import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.check(42)]

KINDS = (*of_people.KINDS, *of_links.KINDS, *of_machines.KINDS)
_SECONDS = dt.timedelta(seconds=2)


def each(kinds: Any = KINDS) -> Any:
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: kind.name)


@pytest.fixture
def w(world: Any, settings: Any, frozen: Any, client_of: Any) -> Any:
    """The world, as a site that has every door, without the limits that other checks are about."""
    settings.ACCOUNT_RATE_LIMITS = False
    settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 1_000
    settings.CAPTCHA = {"kind": "", "at": [], "work": 1_000, "hosts": []}
    more = {"settings": settings, "frozen": frozen, "client_of": client_of, "now": clock.now}
    known = SimpleNamespace(**(vars(world) | more))
    known.ring = a_ring_board(world)
    known.ghost = User.objects.create(
        origin="IMPORTED", origin_key="论坛:安", display_name="安", imported_email="an@old.example"
    )
    of_machines.prepare(known)
    with zeal_ignore():  # a client that asks twice is no page that does
        yield known


def shown(kind: Kind, w: Any, token: str) -> str:
    """Return what the door of ``kind`` answers, as if nobody had tried anything before."""
    RateBucket.objects.exclude(key__startswith="captcha:").delete()
    return said(kind.door(w, token))


# --- What it opens, and for how long ---------------------------------------------------------------------------------------
@each([kind for kind in KINDS if kind.lasts])
def test_a_token_opens_until_its_time_is_over(w: Any, kind: Kind) -> None:
    assert kind.lasts is not None
    early = kind.make(w)
    w.frozen.shift(kind.lasts - _SECONDS)
    assert shown(kind, w, early) == kind.opened


@each([kind for kind in KINDS if kind.lasts])
def test_a_token_opens_no_longer(w: Any, kind: Kind) -> None:
    assert kind.lasts is not None
    late = kind.make(w)
    w.frozen.shift(kind.lasts + _SECONDS)
    assert shown(kind, w, late) != kind.opened


@pytest.mark.parametrize(
    ("kind", "end"),
    [(kind, end) for kind in KINDS for _why, end in kind.ended],
    ids=[f"{kind.name}: {why}" for kind in KINDS for why, _end in kind.ended],
)
def test_what_was_taken_back_opens_nothing(w: Any, kind: Kind, end: Any) -> None:
    token = kind.make(w)
    end(w)
    assert shown(kind, w, token) != kind.opened


# --- What it does not open -------------------------------------------------------------------------------------------------
def slips(token: str) -> set[str]:
    """Return ``token`` with one sign another, at its beginning, in its middle and near its end, and without its last."""
    found = {token[:-1]}
    for at in (0, len(token) // 3, len(token) // 2, 2 * len(token) // 3, len(token) - 2):
        other = next(one for one in ("7", "k") if one != token[at].lower())
        found.add(token[:at] + other + token[at + 1 :])
    return found


@each()
def test_a_token_opens_its_door_and_a_slip_of_one_sign_does_not(
    w: Any, kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    token = kind.make(w)
    with caplog.at_level(logging.DEBUG):
        for wrong in ("", *sorted(slips(token))):
            assert shown(kind, w, wrong) != kind.opened, wrong
        assert shown(kind, w, token) == kind.opened
        assert (shown(kind, w, token) == kind.opened) is not kind.is_once
    assert not [line for line in caplog.records if token in line.getMessage()]
    assert not [one for one in Entry.objects.values_list("data", flat=True) if token in str(one)]


@each([kind for kind in KINDS if kind.another])
def test_it_opens_nothing_for_or_as_somebody_else(w: Any, kind: Kind) -> None:
    token = kind.make(w)
    assert kind.another is not None
    assert said(kind.another(w, token)) != kind.opened
    assert shown(kind, w, token) == kind.opened


@each()
def test_no_other_token_opens_a_door(w: Any, kind: Kind, record_property: Any) -> None:
    others = {one.name: one.make(w) for one in KINDS if one.door is not kind.door}
    others |= {name: make(w) for name, make in of_machines.FOR_OTHERS.items()}
    own = kind.make(w)
    answers = {name: shown(kind, w, token) for name, token in others.items()}
    strange = {name for name, one in answers.items() if one not in kind.refused.split()}
    assert not strange, answers
    assert shown(kind, w, own) == kind.opened
    record_property("got", f"{len(KINDS)} kinds and {len(of_machines.FOR_OTHERS)} secrets for others at {len({one.door for one in KINDS})} doors")  # fmt: skip


# --- Where it stands ---------------------------------------------------------------------------------------------------------
@each([kind for kind in KINDS if kind.travels.startswith("address")])
def test_an_address_with_a_token_is_told_to_nobody(w: Any, kind: Kind) -> None:
    token = kind.make(w)
    page = getattr(kind.door, "page", kind.door)
    for answer in (page(w, token), kind.door(w, token), page(w, token)):
        assert answer["Referrer-Policy"] == "same-origin"
        if answer.status_code == 200:
            kept = answer.get("Cache-Control", "")
            assert "private" in kept or "no-store" in kept, kept
            assert "noindex" in answer.get("X-Robots-Tag", "")


# --- Nothing makes a token that the table does not have ------------------------------------------------------------------------
def test_whatever_makes_a_secret_stands_in_the_table() -> None:
    names = {kind.name for kind in KINDS} | set(of_machines.FOR_OTHERS)
    assert makers.found() == set(makers.MAKERS), "see tests/architecture/tokens/makers.py"
    of_tokens = {name for name in makers.MAKERS.values() if not name.startswith("none:")}
    assert of_tokens <= names
    assert names - of_tokens == makers.MADE_ELSEWHERE


def test_the_threat_model_has_the_table_as_it_is() -> None:
    page = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in page if line in {kind.row for kind in KINDS}] == [k.row for k in KINDS]
