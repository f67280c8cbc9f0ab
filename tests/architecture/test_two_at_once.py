"""Whoever saves second sees what the first saved beside their own: no form that changes what stands is without it."""

from inspect import signature
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.urls import resolve, reverse

from feedback.forum.models import Product, Template
from feedback.kernel.stale import mark_of
from tests.architecture.examples import arguments
from tests.architecture.forms_of import forms_of
from tests.architecture.test_addresses import TABLE
from tests.architecture.test_doors import BEHIND_ANOTHER_DOOR, OPERATIONS
from tests.architecture.test_strange_characters import let_in

#: How the operations are called that change words or settings that stand.
CHANGING = (
    "change_", "choose_", "correct_", "edit_", "estimate_", "keep_", "name_", "note_", "rename_", "set_", "weigh_", "wish",
)  # fmt: skip
#: Such as change something, and need no mark of what the person began with.
NO_MARK_NEEDED = {
    "feedback.accounts.agents.name_agent": "whoever is somebody's agent is not made another's: the second is refused",
    "feedback.accounts.joining.operations.wish": "one switch: the second says all that there is to say",
    "feedback.asks.decisions.pairs.keep_apart": "a decision about two asks, not their words",
    "feedback.asks.decisions.pairs.keep_several_apart": "a decision about asks, not their words",
    "feedback.asks.table.saved.change_view": "one switch of a view, by its owner",
    "feedback.forum.closed.naming.name_on_board": "adds somebody, and says nothing of others",
    "feedback.measure.calibration.setting.set_threshold": "one number, shown with what it does before it holds; one click undoes it",
}
#: Forms that show something filled in, and change no words or settings that others may have changed meanwhile.
NO_MARK_SHOWN = {
    "accounts:invitations": "makes something new",
    "accounts:profile": "one's own: nobody else writes there",
    "desk:ask-adopt": "makes something new",
    "desk:ask-area": "a decision with a record and an undo, not words",
    "desk:board-new": "makes something new",
    "desk:case": "a case is decided once: the second is refused",
    "desk:cases-decide": "a case is decided once: the second is refused",
    "desk:field-new": "makes something new",
    "desk:import-say": "of one file, by who brought it; it is read again each time",
    "desk:import-start": "makes something new",
    "desk:key-new": "makes something new",
    "desk:post-group": "makes something new",
    "desk:product-new": "makes something new",
    "desk:proposal": "a proposal is settled once: the second is refused",
    "desk:webhook-new": "makes something new",
    "forum:consents": "one's own: nobody else writes there",
    "forum:customer-vote": "makes something new",
    "forum:poll-create": "makes something new",
    "forum:post-consents": "one's own: nobody else writes there",
    "forum:post-prompt": "one's own: nobody else writes there",
    "notify:wishes": "one's own: nobody else writes there",
    "roadmap:item-ship": "ships once: the second is told so",
    "roadmap:report": "one's own: nobody else writes there",
}
#: Where what another saved meanwhile comes back otherwise than beside one's own, with 409.
TOLD_OTHERWISE = {
    "desk:ask-rename": "leads to the ask, with the title that was typed still in its field",
    "forum:comment-edit": "the refusal says what the comment says now",
    "forum:post-create": "makes something new; its mark is that of the draft",
    "roadmap:roadmap": "a stage that somebody drags: drawn anew where it stands",
}


def mark_in(form):
    """Return the name of the field in which a form carries the mark of what it began with, None without one."""
    return next((name for name in form.fields if name == "seen" or name.endswith("-seen")), None)


def test_an_operation_that_changes_what_stands_takes_the_mark_of_what_was_seen():
    changing = {
        name
        for name in OPERATIONS.keys() - BEHIND_ANOTHER_DOOR.keys()
        if name.rpartition(".")[2].startswith(CHANGING)
    }
    assert len(changing) > 20
    unmarked = {one for one in changing if "seen" not in signature(OPERATIONS[one]).parameters}
    assert unmarked == NO_MARK_NEEDED.keys(), "Take `seen`, or say why not."


@pytest.fixture
def shown(world, client_of):
    """Every form that one who is let in is shown, by the name of where it goes, with who that is."""
    Template.objects.create(board=world.board, text="1. What you did")
    Product.objects.filter(pk=world.board.product_id).update(name="Named")
    people = {name: client_of(getattr(world, name)) for name in ("ada", "ann", "bo")}
    found = {}
    for address in TABLE:
        client = people[let_in(address, "get", tuple(people))]
        page = client.get(reverse(address.name, args=arguments(address, world)))
        if page.status_code != 200 or page.streaming or b"<form" not in page.content:
            continue
        for form in forms_of(page.request["PATH_INFO"], page.content.decode()):
            to = resolve(urlsplit(form.action).path).view_name
            found.setdefault(to, []).append((form, client))
    return found


def is_held_up(client, form):
    """Whether a form that somebody else was faster with is shown again; nothing of it stays."""
    sent = {name: said for name, said in form.fields.items() if name not in form.buttons}
    sent[mark_in(form)] = ["somebody-was-first"]
    # The same words as stand may be no conflict: then with another one.
    other = {name: [f"{sent[name][0]} too"] for name in form.texts[:1]}
    with transaction.atomic():
        statuses = {client.post(form.action, sent | more).status_code for more in ({}, other)}
        transaction.set_rollback(True)
    return 409 in statuses


def test_a_form_that_shows_what_stands_carries_the_mark_and_is_held_up_by_another(shown):
    unmarked, marked, held_up = set(), set(), set()
    for to, those in shown.items():
        for form, client in those:
            mark = mark_in(form)
            if mark is None and form.filled:
                unmarked.add(to)
            elif mark is not None and form.fields[mark] != [mark_of({})]:
                marked.add(to)
                if to not in held_up and is_held_up(client, form):
                    held_up.add(to)
    assert len(shown) > 60
    what_to_do = "Carry the mark (`desk.both`, `kernel.stale`), or say why not."
    assert sorted(unmarked) == sorted(NO_MARK_SHOWN), what_to_do
    assert sorted(marked - held_up) == sorted(TOLD_OTHERWISE)
