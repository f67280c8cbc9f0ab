"""One list of what can happen: nothing is written or listened for that does not stand in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from feedback.asks.decisions.recording import VERBS
from feedback.asks.models import Decision
from feedback.journal import consumers, operations
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

FEEDBACK = Path(__file__).resolve().parents[2] / "feedback"
#: Operations that write an entry by way of a function of their own, and hand it the verb.
WRITERS = {"_record", "_write", "change_state", "write_down"}
#: What earlier versions wrote: it stands in journals, and is read.
NO_LONGER_WRITTEN = {Verb.FACE_REMOVED}


def handed_on(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call hands on as a verb."""
    yield from (keyword.value for keyword in call.keywords if keyword.arg == "verb")
    if isinstance(call.func, ast.Name) and call.func.id in WRITERS:
        yield from call.args[:1]


def named(given: ast.expr) -> set[str]:
    """Return the verbs that an expression may be: by name or in quotes."""
    found: set[str] = set()
    for node in ast.walk(given):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Verb":
            found.add(Verb[node.attr])
        elif isinstance(node, ast.Constant) and re.fullmatch(r"[a-z]+\.[a-z-]+", str(node.value)):
            found.add(str(node.value))
    return found


def written() -> set[str]:
    """Return every verb that the code writes."""
    found: set[str] = {*VERBS.values()}
    for path in FEEDBACK.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) != "Entry.objects.filter":
                found = found.union(*map(named, handed_on(node)))
    return found


def test_every_verb_that_is_written_is_listed_and_every_listed_verb_is_written():
    assert written() == {*Verb} - NO_LONGER_WRITTEN


def test_no_verb_is_written_in_quotes():
    """But for the list itself, and for what older sites called them."""
    quoted = {
        str(path.relative_to(FEEDBACK)): verbs
        for path in FEEDBACK.rglob("*.py")
        if path.name != "verbs.py" and not {"migrations", "older"} & set(path.parts)
        if (verbs := {*Verb} & set(re.findall(r'"([a-z]+\.[a-z-]+)"', path.read_text("utf-8"))))
    }
    assert not quoted


def test_the_journal_has_a_word_for_every_kind_of_decision():
    assert set(VERBS) == set(Decision.Kind)


def test_a_verb_is_called_by_its_own_words():
    assert [verb.name.lower().replace("_", "-") for verb in Verb] == [
        verb.split(".")[1] for verb in Verb
    ]


def test_an_unknown_verb_is_neither_written_nor_listened_for(ann, now):
    with pytest.raises(ValueError, match="vanished"), transaction.atomic():
        operations.write(verb="forum.vanished", subject=ann, actor_id=None, now=now)
    with pytest.raises(ValueError, match="vanished"):
        consumers.subscribe("test.listener", verbs=["forum.vanished"], handler=lambda entry: None)
    assert not Entry.objects.exists()


def test_an_entry_holds_the_verb_as_plain_words(ann, now):
    with transaction.atomic():
        entry = operations.write(verb=Verb.VOTED, subject=ann, actor_id=None, now=now)
    assert type(entry.verb) is str
    assert Entry.objects.filter(verb=Verb.VOTED).get() == entry
    assert Entry.objects.filter(verb__in=[Verb.VOTED]).get().verb == "forum.voted"
