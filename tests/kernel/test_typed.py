"""Fields of words: what shows nothing is nothing, and every form counts as a person does."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from tests.kernel.test_visible import NOTHING, TYPED

FAMILY = TYPED["a family"]


class Words(forms.Form):
    line = typed.LineField(max_length=5, required=False)
    words = typed.WordsField(max_length=5)


@pytest.mark.parametrize("written", NOTHING.values(), ids=NOTHING)
def test_a_field_with_nothing_to_see_is_empty(written):
    form = Words({"line": written * 4, "words": written * 4})
    assert not form.is_valid()
    assert form.cleaned_data["line"] == ""
    assert list(form.errors) == ["words"]


def test_a_family_is_one_character_of_five():
    form = Words({"line": FAMILY * 5, "words": FAMILY * 6})
    assert not form.is_valid()
    assert form.cleaned_data["line"] == FAMILY * 5
    assert form.errors["words"] == ["Make it shorter: 5 characters fit, and it has 6."]


def test_a_browser_neither_cuts_nor_counts_otherwise():
    page = str(Words()["words"])
    assert "maxlength" not in page
    assert 'data-most="5"' in page
    assert 'dir="auto"' in page


def test_an_operation_refuses_what_a_form_refuses():
    assert typed.line(" a  b\n", most=5) == "a b"
    assert typed.line("\u2800", most=5) == ""
    assert typed.words("a\n b", most=5) == "a\n b"
    with pytest.raises(Refusal, match="5 characters fit") as refused:
        typed.line("abcdef", most=5)
    assert refused.value.status == 422


def test_a_column_has_room_for_what_looks_short():
    column = typed.LineColumn(most=5)
    column.set_attributes_from_name("title")
    assert column.clean(FAMILY * 5, None) == FAMILY * 5
    with pytest.raises(ValidationError, match="has 6"):
        column.clean("abcdef", None)
    _name, path, _args, kwargs = column.deconstruct()
    assert (path, kwargs) == ("django.db.models.CharField", {"max_length": 50})
    again = column.clone()
    assert (type(again), again.most) == (typed.LineColumn, 5)
    assert isinstance(column.formfield(), typed.LineField)
    assert issubclass(typed.LineColumn, models.CharField)
