"""Who may is asked where it is done: no operation that takes a person can be reached by one who may not."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from feedback.accounts.permissions import by_manager, by_team
from feedback.forum.comments.operations import comment
from feedback.forum.posts.operations import edit_post, withdraw_post
from feedback.measure.judging.operations import judge, take_back

ROOT = Path(__file__).resolve().parents[2]
#: What those parameters are called by whose right something is done.
DOERS = ("actor", "moderator")
#: Steps of other operations, and what the machine does too (with no actor); each says whose door is before it.
BEHIND_ANOTHER_DOOR = {
    "feedback.asks.areas.undo.take_back": "decisions.undo",
    "feedback.asks.proposals.taking_back.write_down": "settling a proposal, putting it off and taking that back",
    "feedback.asks.proposals.settled.tell": "settling a proposal, and taking that back",
    "feedback.measure.alerts.operations.hear_settled": "settling a proposal, and taking that back",
    "feedback.forum.witnessing.reproductions.confirm": "its own: who posted the bug, and the team",
    "feedback.forum.witnessing.reproductions.take_off": "its own: who said it, and who keeps order",
    "feedback.asks.decisions.join.take_along": "joining, and confirming several as one",
    "feedback.asks.decisions.parting.part_off": "splitting, and confirming or joining without some",
    "feedback.asks.decisions.recording.record": "every decision",
    "feedback.asks.decisions.recording.record_undone": "decisions.undo",
    "feedback.asks.decisions.recording.place_by_person": "every decision",
    "feedback.asks.decisions.rehouse.take_back": "decisions.undo",
    "feedback.forum.posts.operations.put_post": "decisions.rehouse.move_post_to",
    "feedback.forum.posts.operations.take_out_of_sight": "every change of a post",
    "feedback.forum.posts.operations.change_state": "every change of a post",
    "feedback.forum.posts.operations.write_state": "every change of a post",
    "feedback.forum.posts.held.hold_again": "moderation.deciding.undo",
    "feedback.forum.comments.mentions.tell": "writing a comment, and changing one",
    "feedback.forum.comments.operations.accept_answer": "its own: who asked, and the team",
    "feedback.forum.comments.operations.hold_again": "moderation.deciding.undo",
    "feedback.forum.comments.operations.set_hidden": "every hiding of a comment",
    "feedback.forum.moderation.deciding.take_back": "moderation.deciding.undo, and an appeal that is granted",
    "feedback.forum.moderation.holding.public.hold_public": "every post and comment that is changed",
    "feedback.forum.moderation.hiding.hide_all_of": "moderation.deciding.decide",
    "feedback.forum.moderation.hiding.hide_comment": "moderation.deciding.decide",
    "feedback.forum.moderation.hiding.hide_post": "moderation.deciding.decide",
    "feedback.forum.moderation.hiding.show_again": "moderation.deciding.undo",
    "feedback.asks.staging.set_stage": "answers, and items of the roadmap",
    "feedback.forum.posts.bulk.import_rows": "importing.run.import_file",
    "feedback.forum.posts.bulk_update.take_changes": "bulk.import_rows",
    "feedback.importing.run.import_file": "commands, and imports.operations.start_import",
    "feedback.roadmap.operations.keep_in_step": "follows what happened to an ask",
    "feedback.roadmap.promises.telling.tell_of_day": "operations.edit_item",
    "feedback.roadmap.steps.bring": "every deed about an item",
    "feedback.roadmap.steps.mirror": "every deed about an item",
    "feedback.roadmap.steps.record": "every deed about an item",
    "feedback.roadmap.train.recording.record": "every deed about a release",
    "feedback.roadmap.operations.tell_those_joined": "follows what happened to an ask",
}


def operations() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public function that does something in somebody's name."""
    for path in sorted((ROOT / "feedback").rglob("*.py")):
        if "now: dt.datetime" not in path.read_text(encoding="utf-8"):
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for function in vars(import_module(name)).values():
            if inspect.isfunction(function) and function.__module__ == name:
                takes = inspect.signature(function).parameters
                if "now" in takes and takes.keys() & {*DOERS} and function.__name__[0] != "_":
                    yield f"{name}.{function.__name__}", function


OPERATIONS = dict(operations())


def call(operation: Callable[..., Any], person: Any) -> None:
    """Call ``operation`` as ``person``, about nothing at all: a door is shut before anybody looks what it is about."""
    takes = inspect.signature(operation).parameters
    operation(**{name: person if name in DOERS else None for name in takes})


def test_all_operations_are_known() -> None:
    assert len(OPERATIONS) > 45
    assert set(BEHIND_ANOTHER_DOOR) <= set(OPERATIONS)


@pytest.mark.parametrize(("role", "is_active"), [("MEMBER", True), ("ADMIN", False)])
def test_who_may_not_is_refused_whoever_calls(role: str, is_active: bool, ann: Any) -> None:
    ann.role, ann.is_active = role, is_active
    let_in = []
    for name in sorted(OPERATIONS.keys() - BEHIND_ANOTHER_DOOR.keys()):
        try:
            call(OPERATIONS[name], ann)
        except PermissionDenied:
            continue
        let_in.append(name)
    assert not let_in


def test_only_its_author_changes_or_withdraws_a_post(
    publish: Callable[..., Any], ann: Any, pia: Any, now: Any
) -> None:
    post = publish(ann)
    with pytest.raises(PermissionDenied):
        edit_post(post=post, editor=pia, title="Another", body="", now=now)
    with pytest.raises(PermissionDenied):
        withdraw_post(post=post, author=pia, now=now)


def test_only_the_team_answers_officially(publish: Callable[..., Any], ann: Any, now: Any) -> None:
    with pytest.raises(PermissionDenied):
        comment(post=publish(ann), author=ann, body="Soon", is_official=True, now=now)


@pytest.mark.parametrize("operation", [judge, take_back], ids=lambda one: one.__name__)
def test_only_the_team_judges(operation: Callable[..., Any], ann: Any, now: Any) -> None:
    takes = inspect.signature(operation).parameters
    with pytest.raises(PermissionDenied):
        operation(**dict.fromkeys(takes) | {"person": ann, "now": now})


def test_a_door_lets_in_whom_it_should(ann: Any, mo: Any, pia: Any) -> None:
    def act(*, actor: Any) -> str:
        return f"done by {actor}"

    assert by_manager(act)(actor=pia) == "done by Pia"
    assert by_team(act)(actor=mo) == "done by Mo"
    for door, person in ((by_manager, mo), (by_team, ann), (by_manager, None)):
        with pytest.raises(PermissionDenied):
            door(act)(actor=person)
