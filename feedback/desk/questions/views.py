""" "The same request?": one question at a time, with keys, so that a few minutes teach the grouping."""

import math
from typing import Any, cast, get_args

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.desk.presenting import shown_question
from feedback.desk.product import picked
from feedback.forum.models import Product
from feedback.grouping.models import Question, Run
from feedback.grouping.questions import operations as asking
from feedback.kernel import clock
from feedback.kernel.htmx import refresh
from feedback.kernel.refusals import told

#: Seconds that reading two posts and pressing a key takes.
SECONDS_A_QUESTION = 12


@require_safe
@team_required
def questions(request: HttpRequest) -> HttpResponse:
    """The question that teaches most, or the one asked for by ``at``; how far one is; what was learned."""
    product = picked(request)
    waiting = list(asking.open_questions(product))
    wanted = request.GET.get("at", "")
    found = next((one for one in waiting if one.public_id == wanted), None)
    found = found or (waiting[0] if waiting else None)
    return render(
        request,
        "desk/questions/questions.html",
        {
            "nav": "desk",
            "question": shown_question(found) if found is not None else None,
            "last": _last_of(request),
            **_progress(product, len(waiting)),
            **_learning(product),
        },
    )


def _progress(product: Product, waiting: int) -> dict[str, Any]:
    """Return how many of the questions of the last run are done, and about how long the rest takes."""
    asked = Question.objects.filter(run__product=product).order_by("-asked_at", "-id")
    newest = asked.values_list("run", flat=True).first()
    answered = (
        Question.objects.filter(
            run=newest, state__in=[Question.State.ANSWERED, Question.State.SKIPPED]
        ).count()
        if newest is not None
        else 0
    )
    return {
        "answered": answered,
        "number": answered + 1,
        "total": answered + waiting,
        "minutes": math.ceil(waiting * SECONDS_A_QUESTION / 60),
    }


def _learning(product: Product) -> dict[str, Any]:
    """Return how many answers wait for the next grouping, and what came of those before."""
    given = asking.answers_between(product, asking.learned_until(product))
    return {
        "given": given,
        "missing": max(0, asking.ENOUGH_ANSWERS - given),
        "learning": Run.objects.filter(
            product=product, state__in=[Run.State.WAITING, Run.State.RUNNING]
        ).exists(),
        "learned": asking.learned_last(product),
    }


def _last_of(request: HttpRequest) -> Question | None:
    """Return the reader's own last answer that still counts, to be taken back with one key."""
    return (
        Question.objects.filter(
            answered_by=member_of(request),
            state__in=[Question.State.ANSWERED, Question.State.SKIPPED],
        )
        .exclude(decision__undone_at__isnull=False)
        .select_related("decision", "post", "other_post")
        .order_by("-answered_at", "-id")
        .first()
    )


def _question(public_id: str) -> Question:
    found = Question.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@require_POST
@manager_required
def question_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the word on one question and go on to the next; a contradiction stays on the page and is told."""
    question = _question(public_id)
    given = request.POST.get("do", "")
    here = reverse("desk:questions")
    if given in get_args(asking.Verdict):
        verdict = cast(asking.Verdict, given)
        with told(request):
            asking.answer_question(
                question=question, verdict=verdict, actor=member_of(request), now=clock.now()
            )
            return redirect(here)
    return redirect(f"{here}?at={public_id}")


@require_POST
@manager_required
def question_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an answer back; the question is open again and stands on the page."""
    question = _question(public_id)
    with told(request):
        asking.take_back(question=question, actor=member_of(request), now=clock.now())
    return redirect(f"{reverse('desk:questions')}?at={public_id}")


@require_safe
@team_required
def questions_progress(request: HttpRequest) -> HttpResponse:
    """Whether the board is still being grouped; the page comes anew when it is done."""
    learning = _learning(picked(request))
    response = render(request, "desk/questions/questions.html#learning", learning)
    return response if learning["learning"] else refresh(response)
