"""The words that wait, and the rules of the house."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.permissions import member_of, site_manager_required, team_required
from feedback.desk.both import Both
from feedback.forum.models import Board, HoldingWishes, Rule, WordRule
from feedback.forum.moderation.holding import judging
from feedback.forum.moderation.holding.operations import (
    RULE_EDITED,
    WISHED,
    WORDS_EDITED,
    keep_rule,
    keep_words,
    remove_words,
    wish,
)
from feedback.forum.moderation.holding.spelling import folded, spans
from feedback.forum.moderation.models import WORD_LENGTH
from feedback.kernel import clock
from feedback.kernel.refusals import beside
from feedback.kernel.stale import words_of
from feedback.kernel.typed import WordsField


class WordForm(forms.ModelForm[WordRule]):
    """Words, and what happens to what has them."""

    class Meta:
        model = WordRule
        fields = WORDS_EDITED

    language = forms.ChoiceField(
        label=gettext_lazy("In which language"),
        required=False,
        choices=[
            ("", gettext_lazy("In every language")),
            ("zh", gettext_lazy("Chinese")),
            ("en", gettext_lazy("English")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        board = self.fields["board"]
        assert isinstance(board, forms.ModelChoiceField)
        board.queryset = Board.objects.filter(is_archived=False)
        board.empty_label = _("On every board")
        self.fields["words"].help_text = _("“*” at the end: however it goes on.")
        self.fields["instead"].help_text = _("Empty: stars.")


class TrialForm(forms.Form):
    """A text to try the words on."""

    said = WordsField(
        label=gettext_lazy("Try a text"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WishForm(forms.ModelForm[HoldingWishes]):
    """How much of who is new waits."""

    first_posts = forms.IntegerField(
        label=gettext_lazy("First posts and comments of everybody that wait"),
        min_value=0,
        max_value=20,
        help_text=gettext_lazy("0: none."),
    )
    reports = forms.IntegerField(
        label=gettext_lazy("Reports of members after which the words of who is new wait"),
        min_value=0,
        max_value=20,
        help_text=gettext_lazy("0: they never wait for that."),
    )
    takes_guests = forms.BooleanField(
        label=gettext_lazy("People may post without an account"),
        required=False,
        help_text=gettext_lazy(
            "On boards that everybody reads and whoever has an account posts on. Nobody else sees it before the team has looked."
        ),
    )

    class Meta:
        model = HoldingWishes
        fields = WISHED


class RuleForm(forms.ModelForm[Rule]):
    """A rule of the house."""

    word = WordsField(
        label=capfirst(gettext_lazy("word to the author")),
        max_length=WORD_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    word_zh = WordsField(
        label=capfirst(gettext_lazy("word to the author in Chinese")),
        max_length=WORD_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Rule
        fields = RULE_EDITED


@require_http_methods(["GET", "HEAD", "POST"])
@team_required
def words(request: HttpRequest, number: int = 0) -> HttpResponseBase:
    """Show and keep the words that are held, blocked or replaced; one of them is changed where ``number`` is its key."""
    changed = WordRule.objects.filter(pk=number).first() if number else None
    if number and changed is None:
        raise Http404
    both = Both(request, words_of(changed, WORDS_EDITED) if changed is not None else {})
    form = WordForm(request.POST if request.method == "POST" else None, instance=changed)
    if form.is_valid():
        with beside(form), both.shown_in(form):
            keep_words(
                rule=changed,
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
                **form.cleaned_data,
            )
            messages.success(request, _("Saved."))
            return redirect("desk:moderation-words")
    return _words_page(request, form, status=both.status(form), changed=changed, both=both)


def _words_page(
    request: HttpRequest, form: WordForm, *, status: int, **more: object
) -> HttpResponse:
    """Draw the page of words; ``more`` may have a form of wishes that comes back with its `Both`."""
    trial = TrialForm(request.GET if "said" in request.GET else None)
    wishes = judging.wishes()
    context = {
        "nav": "desk",
        "form": form,
        "kept": WordRule.objects.select_related("board"),
        "trial": trial,
        "reads_like_advert": trial.is_valid()
        and judging.reads_like_advert(trial.cleaned_data["said"]),
        "tried": _tried(trial.cleaned_data["said"]) if trial.is_valid() else None,
        "wishes": WishForm(instance=wishes, auto_id="wish_%s"),
        "wished": Both(None, words_of(wishes, WISHED)),
    }
    return render(request, "desk/moderation/words.html", context | more, status=status)


def _tried(said: str) -> list[tuple[WordRule, list[str]]]:
    """Return which words are found in ``said``, and as what, whatever the board and the language."""
    text = folded(said)
    found = (
        (one, [said[start:end] for start, end in spans(one.words, text, by_sound=one.by_sound)])
        for one in WordRule.objects.all()
    )
    return [(one, places) for one, places in found if places]


@require_POST
@team_required
def words_remove(request: HttpRequest, number: int) -> HttpResponse:
    """Remove words from the list."""
    rule = WordRule.objects.filter(pk=number).first()
    if rule is None:
        raise Http404
    remove_words(rule=rule, actor=member_of(request), now=clock.now())
    messages.success(request, _("Removed."))
    return redirect("desk:moderation-words")


@require_POST
@site_manager_required
def wishes_save(request: HttpRequest) -> HttpResponse:
    """Say how much of who is new waits."""
    form, both = WishForm(request.POST, auto_id="wish_%s"), Both(request, {})
    if form.is_valid():
        with beside(form), both.shown_in(form):
            wish(actor=member_of(request), now=clock.now(), seen=both.seen, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("desk:moderation-words")
    return _words_page(request, WordForm(), status=both.status(form), wishes=form, wished=both)


@require_safe
@team_required
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of the house, to be changed."""
    context = {"nav": "desk", "rules": Rule.objects.all()}
    return render(request, "desk/moderation/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def rule_edit(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Change a rule; "new" is none yet."""
    rule = Rule.objects.filter(slug=slug).first()
    if rule is None and slug != "new":
        raise Http404
    both = Both(request, words_of(rule, RULE_EDITED) if rule is not None else {})
    form = RuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if form.is_valid():
        with beside(form), both.shown_in(form):
            kept = form.save(commit=False)
            kept.slug = kept.slug or f"rule-{Rule.objects.count() + 1}"
            keep_rule(rule=kept, actor=member_of(request), now=clock.now(), seen=both.seen)
            messages.success(request, _("Saved."))
            return redirect("desk:moderation-rules")
    context = {"nav": "desk", "form": form, "rule": rule, "both": both}
    return render(request, "desk/moderation/rule_edit.html", context, status=both.status(form))
