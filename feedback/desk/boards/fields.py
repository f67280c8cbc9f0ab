"""What a board asks for: its own fields, and templates for the details."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import manager_required, member_of
from feedback.desk.both import Both, form_page
from feedback.forum import permissions
from feedback.forum.board_fields.models import CHOICES_LENGTH, TEMPLATE_LENGTH
from feedback.forum.board_fields.operations import (
    EDITED,
    add_field,
    edit_field,
    remove_field,
    set_templates,
    templates_said,
)
from feedback.forum.models import Board, Field, Post
from feedback.forum.products.queries import about
from feedback.kernel import clock
from feedback.kernel.refusals import beside
from feedback.kernel.stale import words_of
from feedback.kernel.typed import WordsField

_KINDS = [("", gettext_lazy("Every kind")), *Post.Kind.choices]


class FieldForm(forms.ModelForm[Field]):
    """One thing that a board asks for."""

    kind = forms.ChoiceField(
        label=gettext_lazy("For which kind of post"), choices=_KINDS, required=False
    )
    choices = WordsField(
        label=gettext_lazy("Choices"),
        max_length=CHOICES_LENGTH,
        required=False,
        help_text=gettext_lazy("Of a choice: a line each, in both languages as “Phone | 手机”."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    class Meta:
        model = Field
        fields = EDITED


class NewFieldForm(FieldForm):
    class Meta:
        model = Field
        fields = ("key", *EDITED)
        help_texts = {
            "key": gettext_lazy(
                "Letters, digits and hyphens. Under it the answer stands in exports, for ever."
            )
        }


class TemplatesForm(forms.Form):
    """What the details of a new post begin with, for every kind of post in both languages."""

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = templates_said(board)
        for kind, label in _KINDS:
            for name, language in (("text", _("English")), ("text_zh", _("Chinese"))):
                self.fields[f"{name}-{kind}"] = WordsField(
                    label=f"{label}, {language}",
                    max_length=TEMPLATE_LENGTH,
                    required=False,
                    initial=said[f"{name}-{kind}"],
                    widget=forms.Textarea(attrs={"rows": 4}),
                )

    @property
    def of_all(self) -> list[forms.BoundField]:
        """The fields for every kind of post."""
        return [self[name] for name in self.fields if name.endswith("-")]

    @property
    def by_kind(self) -> list[forms.BoundField]:
        """The fields for one kind of post each."""
        return [self[name] for name in self.fields if not name.endswith("-")]

    @property
    def templates(self) -> dict[str, tuple[str, str]]:
        """What a valid form says, by kind."""
        said = self.cleaned_data
        return {
            str(kind): (said[f"text-{kind}"], said[f"text_zh-{kind}"]) for kind, _label in _KINDS
        }


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def board_fields(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a board asks for, and change its templates."""
    board = _board(request, slug)
    form = TemplatesForm(request.POST if request.method == "POST" else None, board=board)
    both = Both(request, templates_said(board))
    if form.is_valid():
        with beside(form), both.shown_in(form):
            set_templates(
                board=board,
                templates=form.templates,
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
            )
            messages.success(request, _("Saved."))
            return redirect("desk:board-fields", slug)
    asked = board.asks_for.all()
    template = "desk/boards/fields.html"
    return form_page(request, template, form, both=both, board=board, fields=asked)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def field_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Have a board ask for one thing more."""
    board = _board(request, slug)
    last = board.asks_for.last()
    start = {"position": 10 if last is None else last.position + 10}
    form = NewFieldForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        with beside(form):
            add_field(board=board, actor=member_of(request), now=clock.now(), **form.cleaned_data)
            messages.success(request, _("The board asks for it now."))
            return redirect("desk:board-fields", slug)
    return _page(request, form, board, _("A new field"))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def field_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Change what a board asks for."""
    board = _board(request, slug)
    field = _field(board, key)
    form = FieldForm(
        request.POST if request.method == "POST" else None, instance=_field(board, key)
    )
    both = Both(request, words_of(field, EDITED))
    if form.is_valid():
        with beside(form), both.shown_in(form):
            edit_field(
                field=field,
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
                **form.cleaned_data,
            )
            messages.success(request, _("Saved."))
            return redirect("desk:board-fields", slug)
    return _page(request, form, board, field.title, both)


@require_POST
@manager_required
def field_remove(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Ask for something no more."""
    field = _field(_board(request, slug), key)
    remove_field(field=field, actor=member_of(request), now=clock.now())
    messages.success(
        request, _("The board does not ask for it any more. What posts say of it stays.")
    )
    return redirect("desk:board-fields", slug)


def _board(request: HttpRequest, slug: str) -> Board:
    board = permissions.access_board(request.user, slug)
    about(request, board.product)
    return board


def _field(board: Board, key: str) -> Field:
    found = board.asks_for.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, form: FieldForm, board: Board, title: str, both: Both | None = None
) -> HttpResponse:
    template = "desk/boards/field_edit.html"
    return form_page(request, template, form, both=both, board=board, title=title)
