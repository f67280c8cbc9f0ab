"""Places in a page that a higher room fills."""

from types import SimpleNamespace

import pytest

from feedback.kernel import slots


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    monkeypatch.setattr(slots, "_providers", {})
    monkeypatch.setattr(slots, "_styles", {})


def things(*pks):
    return [SimpleNamespace(pk=pk) for pk in pks]


def test_a_slot_is_filled_for_a_whole_list_in_one_call(rf):
    calls = []

    def provider(request, subjects):
        calls.append(len(subjects))
        return {subject.pk: f"for {subject.pk}" for subject in subjects if subject.pk != 2}

    slots.provide("post-ask", provider)
    assert slots.gather("post-ask", rf.get("/"), things(1, 2, 3)) == {1: "for 1", 3: "for 3"}
    assert calls == [3]


def test_a_slot_that_nobody_fills_is_empty(rf):
    assert slots.gather("nobody", rf.get("/"), things(1)) == {}
    assert slots.style_of("nobody") == ""


def test_no_provider_is_called_for_an_empty_list(rf):
    slots.provide("post-ask", lambda request, subjects: 1 / 0)
    assert slots.gather("post-ask", rf.get("/"), []) == {}


def test_a_slot_has_one_provider():
    def first(request, subjects):
        return {}

    slots.provide("post-ask", first)
    slots.provide("post-ask", first)
    with pytest.raises(ValueError, match="filled already"):
        slots.provide("post-ask", lambda request, subjects: {})


def test_what_fills_a_slot_brings_its_style():
    slots.provide("post-ask-strip", lambda request, subjects: {}, style="asks/asks.css")
    assert slots.style_of("post-ask-strip") == "asks/asks.css"
