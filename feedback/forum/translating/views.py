"""Asking for a translation, and reading it below the original or on a page of its own."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import member_of, member_required
from feedback.forum.models import Translation
from feedback.forum.translating.operations import want
from feedback.forum.translating.texts import Text, access_text
from feedback.kernel import clock, markdown
from feedback.kernel.htmx import is_htmx, template_for

#: A page looks by itself for so long.
_PATIENCE = dt.timedelta(seconds=90)


@member_required
@require_POST
def translation_want(request: HttpRequest, kind: str, public_id: str) -> HttpResponseBase:
    """Have a text translated into the reader's language."""
    text = access_text(request.user, kind, public_id)
    language = get_language() or "en"
    found = want(of=text, language=language, person=member_of(request), now=clock.now())
    if is_htmx(request):
        return _shown(request, found, text)
    return redirect("forum:translation", found.public_id)


@member_required
@require_safe
def translation(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Show a translation to whoever may read the original, while it says the same."""
    found = Translation.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    kind, _colon, of = found.thing.partition(":")
    text = access_text(request.user, kind, of)
    if text.digest != found.digest:
        raise Http404
    return _shown(request, found, text)


def _shown(request: HttpRequest, found: Translation, text: Text) -> HttpResponse:
    title, _gap, body = found.words.partition("\n\n") if text.title else ("", "", found.words)
    waits = found.state == Translation.State.WAITING
    context = {
        "nav": "posts",
        "translation": found,
        "title": title,
        "html": markdown.render(body),
        "waits": waits,
        "looks_again": waits and clock.now() - found.wanted_at < _PATIENCE,
        "text": text,
        "kind": text.thing.partition(":")[0],
        "of": text.thing.partition(":")[2],
    }
    template = template_for(request, "forum/translating/translation.html", part="below")
    return render(request, template, context)
