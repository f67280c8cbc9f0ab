"""Words that people read go through the fields that know what a person sees (`feedback.kernel.typed`)."""

import importlib
import re
from pathlib import Path

from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models

from feedback.kernel.typed import LineColumn, WordsField

#: Lines that are no words of people: addresses that are pasted, ids, and the mark of what a person began with.
NO_WORDS = {
    "BriefForm.seen",
    "CommentForm.reply_to",
    "ColumnsForm.seen",
    "DaysForm.seen",
    "EditForm.seen",
    "LineForm.seen",
    "LinkForm.ask",
    "NotesForm.seen",
    "PlaceForm.back",
    "PrivateForm.seen",
    "SignUpForm.username",  # allauth's own, which nobody here has
    "SocialSignUpForm.username",
    "PlaceForm.seen",
    "ResetLinkForm.key",  # allauth's own: what stands in a link
    "ResetLinkForm.uidb36",
    "TrainForm.framed_by",
    "TrainForm.seen",
}
#: Columns that people's words go into, beside those of `LineColumn`.
_READ = {"title", "name", "name_zh", "description", "description_zh", "display_name", "bio", "text", "version"}  # fmt: skip


def every_form():
    for file in Path(settings.BASE_DIR, "feedback").rglob("*.py"):
        if not re.search(r"^class \w+Form\(", file.read_text(encoding="utf-8"), re.MULTILINE):
            continue
        path = file.relative_to(settings.BASE_DIR).with_suffix("")
        if "templatetags" not in path.parts:
            importlib.import_module(".".join(path.parts))
    found, left = set(), [forms.Form, forms.ModelForm]
    while left:
        for form in left.pop().__subclasses__():
            left.append(form)
            if form.__module__.startswith("feedback."):
                found.add(form)
    return found


def test_every_field_of_words_counts_as_a_person_does():
    plain = {
        f"{form.__name__}.{name}"
        for form in every_form()
        for name, field in form.base_fields.items()
        if type(field) is forms.CharField
    }
    assert plain == NO_WORDS


def test_the_forms_are_found():
    fields = [field for form in every_form() for field in form.base_fields.values()]
    assert sum(isinstance(field, WordsField) for field in fields) > 10


def test_every_column_of_words_has_room_for_what_looks_short():
    narrow = {
        f"{model.__name__}.{column.name}"
        for model in apps.get_models()
        if model.__module__.startswith("feedback.")
        for column in model._meta.get_fields()
        if isinstance(column, models.CharField) and column.name in _READ
        if not isinstance(column, LineColumn)
    }
    assert narrow == set()


def test_no_page_has_the_browser_cut_words():
    cutting = {
        page.name
        for page in Path(settings.BASE_DIR, "feedback").rglob("*.html")
        if "maxlength=" in page.read_text(encoding="utf-8")
    }
    assert cutting <= {"_search_box.html"}
