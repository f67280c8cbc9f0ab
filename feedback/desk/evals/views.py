"""The prompts of an ask: read, taken along for an eval, and what came of it."""

import json
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.evals.operations import (
    bring_result,
    evals_of,
    posts_with_prompts,
    show_results,
)
from feedback.asks.evals.reading import read_results
from feedback.asks.models import Ask
from feedback.desk.asks.views import live_ask
from feedback.desk.evals.forms import ResultForm
from feedback.forum.models import Prompt
from feedback.forum.prompts.showing import prompts_to_test_with
from feedback.kernel import clock
from feedback.kernel.refusals import beside, status_of

#: Prompts that the page shows; the file has all.
SHOWN = 100


@require_safe
@team_required
def ask_prompts(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the prompts of an ask and how releases did with them."""
    found = live_ask(request, public_id)
    return _page(request, found, ResultForm(product=found.product))


@require_safe
@team_required
def ask_prompts_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Download the prompts whose authors agree to it, a JSON object a line."""
    found = live_ask(request, public_id)
    answer = StreamingHttpResponse(_lines(found), content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="prompts-{found.public_id}.jsonl"'
    return answer


@require_POST
@manager_required
def ask_eval(request: HttpRequest, public_id: str) -> HttpResponse:
    """Bring how a release did with the prompts of an ask."""
    found = live_ask(request, public_id)
    form = ResultForm(request.POST, request.FILES, product=found.product)
    if form.is_valid():
        with beside(form):
            known = prompts_to_test_with(posts_with_prompts(found))
            ids = set(known.values_list("post__public_id", flat=True))
            said = read_results(form.cleaned_data["file"].read(), known=ids)
            kept = bring_result(
                ask=found,
                version=form.cleaned_data["release"],
                passed=said.passed,
                total=said.total,
                actor=member_of(request),
                now=clock.now(),
            )
            sentence = _("Kept: %(version)s passes %(passed)d of %(total)d.")
            numbers = {"version": kept.version, "passed": kept.passed, "total": kept.total}
            messages.success(request, sentence % numbers)
            return redirect("desk:ask-prompts", found.public_id)
    return _page(request, found, form)


@require_POST
@manager_required
def ask_evals_shown(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show everybody how releases did with the prompts of an ask, or the team alone."""
    found, actor = live_ask(request, public_id), member_of(request)
    wanted = request.POST.get("shown") == "1"
    if show_results(ask=found, wanted=wanted, actor=actor, now=clock.now()):
        messages.success(
            request,
            _("Everybody reads it on the page of the ask.") if wanted else _("The team reads it."),
        )
    return redirect("desk:ask-prompts", found.public_id)


def _page(request: HttpRequest, found: Ask, form: ResultForm) -> HttpResponse:
    posts = posts_with_prompts(found)
    evals = list(evals_of(found))
    prompts = Prompt.objects.filter(post__in=posts).select_related("post__author__acts_for")
    context = {
        "nav": "desk",
        "ask": found,
        "prompts": prompts.order_by("-post__posted_at", "pk")[:SHOWN],
        "number": posts.count(),
        "to_test_with": prompts_to_test_with(posts).count(),
        "evals": evals,
        "is_shown": any(one.is_public for one in evals),
        "form": form,
    }
    return render(request, "desk/evals/ask_prompts.html", context, status=status_of(form))


def _lines(ask: Ask) -> Iterator[str]:
    """Yield a line for each prompt; what a browser could take for a tag is written as JSON may write it."""
    for one in prompts_to_test_with(posts_with_prompts(ask)).iterator(chunk_size=500):
        row = {
            "id": one.post.public_id,
            "prompt": one.prompt,
            "answer": one.answer,
            "model_version": one.model_version,
            "language": one.post.language,
            "ask": ask.public_id,
            "posted_at": one.post.posted_at.isoformat(),
        }
        line = json.dumps(row, ensure_ascii=False)
        for letter in "<>&\u2028\u2029":
            line = line.replace(letter, f"\\u{ord(letter):04x}")
        yield line + "\n"
