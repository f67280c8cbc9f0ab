"""Django's admin speaks Chinese where it speaks of what is ours: rooms, models, fields, help, choices, acts."""

import re

from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils import translation

from tests.architecture.test_translations import HAN, STAYS, Reader

OURS = {
    model: shown
    for model, shown in admin.site._registry.items()
    if model.__module__.startswith("feedback.")
}


def labels(model):
    """Yield whatever the admin says of ``model`` that is ours to say."""
    yield from (model._meta.verbose_name, model._meta.verbose_name_plural)
    yield model._meta.app_config.verbose_name
    for field in (*model._meta.fields, *model._meta.many_to_many):
        if field.model.__module__.startswith("feedback."):
            yield from (field.verbose_name, field.help_text)
            yield from (label for _value, label in field.choices or ())


def everything_ours():
    """Yield the labels of every model that the admin shows, the lines inside a page and the acts on a list too."""
    for model, shown in OURS.items():
        yield from labels(model)
        for inline in shown.inlines:
            yield from labels(inline.model)
        for name in shown.actions or ():
            yield getattr(shown, name).short_description
        yield from (title for title, _said in shown.fieldsets or () if title)


def in_english():
    """Return those labels as an English reader sees them, for comparing."""
    with translation.override("en"):
        return {str(label).casefold() for label in everything_ours()} - STAYS - {""}


def without_chinese(piece):
    """Return ``piece`` of a page without its Chinese, figures and marks at the ends, for comparing."""
    return re.sub(rf"[{HAN}\d，。：、（）:*]+", " ", piece).strip().casefold()


def pages():
    """Yield the index, and the list and one page of each model."""
    yield reverse("admin:index")
    for model in OURS:
        at = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{at}_changelist")
        yield reverse(f"{at}_change", args=[model.objects.order_by("pk").first().pk])


def test_no_label_of_ours_is_left_in_english(world, client_of):
    client, ours, found, said = client_of(world.ada), in_english(), {}, ""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    for path in pages():
        response = client.get(path)
        assert response.status_code == 200, path
        reader = Reader()
        reader.feed(response.content.decode())
        said += "".join(reader.said)
        if left := {without_chinese(piece) for piece in reader.said} & ours:
            found[path] = sorted(left)
    assert not found
    with translation.override("zh-hans"):
        assert all(str(model._meta.verbose_name_plural) in said for model in OURS)


def test_every_label_of_ours_has_its_chinese():
    """Those too that stand on no page of the small world."""
    left = set()
    for label in everything_ours():
        with translation.override("en"):
            english = str(label)
        with translation.override("zh-hans"):
            if english.casefold() not in STAYS and str(label) == english != "":
                left.add(english)
    assert not left
