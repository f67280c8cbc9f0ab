"""How good the grouping is, and the sample of it that the team judges, ten or twenty at a time."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import (
    acting_required,
    manager_required,
    member_of,
    team_required,
)
from feedback.asks.models import Ask
from feedback.desk.acting import said
from feedback.desk.product import picked
from feedback.desk.quality.said import sentences
from feedback.desk.shared_words import marked, only_in, words_in_both
from feedback.engine.stats.intervals import wilson
from feedback.forum.models import Post, Product
from feedback.grouping.models import Run
from feedback.grouping.vectors.encoders import current_model
from feedback.kernel import clock
from feedback.kernel.markdown import excerpt
from feedback.kernel.refusals import told
from feedback.measure.calibration.setting import set_by_hand
from feedback.measure.judging import operations as judging
from feedback.measure.judging.queries import (
    BELONGS,
    ENOUGH_NEW,
    MISSED,
    Case,
    draw,
    judgements_of_new_posts,
    title_gives_away,
    typical_posts,
)
from feedback.measure.models import Calibration, Judgement, QualityReading
from feedback.measure.quality import queries as figures
from feedback.measure.quality.parts import parts_of
from feedback.ui.language_names import language_name

#: Judged new posts without which no threshold is stated; see `engine.calibrate`.
FEWEST_NEW = 50
#: Cases of one sitting: of a short one unless the address says of a long one.
SITTING, LONG_SITTING = 10, 20
_SALT = "heed.judging"
_TOKEN_SECONDS = 24 * 3600
_WORDS = {"yes": Judgement.Verdict.SAME, "no": Judgement.Verdict.OTHER}
#: What is drawn over time: the figure's name in a reading, as a share.
_LINES = ("precision", "corrected", "contested", "missed", "alone", "unplaced")


@require_safe
@team_required
def quality(request: HttpRequest) -> HttpResponse:
    """What people's answers say of the grouping, by language and over time."""
    model = current_model()
    product = picked(request)
    readings = figures.readings(product)
    newest = readings[-1] if readings else None
    together = figures.company(product)
    languages = [one for one in together if one]
    right = (
        {one: figures.precision(product, model.model_key, language=one) for one in ("", *languages)}
        if model is not None
        else {}
    )
    missed, bands = figures.missed(product)
    run = Run.objects.last_done(product)
    boards, weeks = parts_of(product, model.model_key, now=clock.now()) if model else ([], [])
    read = newest.figures.get("all", {}) if newest is not None else {}
    return render(
        request,
        "desk/quality/quality.html",
        {
            "nav": "desk",
            "model": model,
            "newest": newest,
            "languages": [(one, language_name(one)) for one in languages]
            if len(languages) > 1
            else [],
            "columns": _columns(product, newest, together, right),
            "right": right.get(""),
            "said": sentences(right.get(""), read, boards, together[""]),
            "boards": boards if len(boards) > 1 else [],
            "weeks": weeks if any(one.says_anything for one in weeks) else [],
            "set": set_by_hand(product),
            "missed": missed,
            "bands": _edges(bands),
            "calibration": _calibration(product),
            "new_judged": _new_judged(product, model.model_key) if model is not None else 0,
            "enough_new": ENOUGH_NEW,
            "fewest_new": FEWEST_NEW,
            "run_threshold": run.threshold if run is not None else None,
            "wanted": settings.PLACING_PRECISION,
            "lines": _lines(readings),
            "sitting": SITTING,
            "long_sitting": LONG_SITTING,
            "judged_by_you": Judgement.objects.filter(person=member_of(request)).count(),
        },
    )


def _columns(
    product: Product,
    newest: QualityReading | None,
    together: dict[str, figures.Company],
    right: dict[str, figures.Measure],
) -> list[dict[str, Any]]:
    """Return the figures of all posts, and of each language when there is more than one."""
    read = newest.figures if newest is not None else {}
    wanted = list(together) if len(together) > 2 else [""]
    return [
        {
            "name": language_name(one) if one else _("All posts"),
            "right": right.get(one),
            "twins": figures.missed(product, language=one)[0],
            "posts": together[one].posts,
            "alone": together[one].alone,
            "without_ask": together[one].without_ask,
            "corrected": None,
            "contested": None,
            **(read.get("by_language", {}).get(one, {}) if one else read.get("all", {})),
        }
        for one in sorted(wanted)
    ]


def _edges(bands: list[figures.Band]) -> list[dict[str, Any]]:
    """Return the bands with the similarity they end at."""
    rows = []
    upper = 1.0
    for band in bands:
        rows.append({"from": max(band.start, 0.0), "to": upper, "band": band})
        upper = band.start
    return rows


def _calibration(product: Product) -> dict[str, Any] | None:
    found: Calibration | None = figures.calibration(product)
    if found is None:
        return None
    bounds = wilson(found.precision_found * found.judged_count, found.judged_count)
    return {"it": found, "low": bounds.low, "high": bounds.high}


def _new_judged(product: Product, model_key: str) -> int:
    return (
        judgements_of_new_posts(product, model_key)
        .exclude(verdict=Judgement.Verdict.UNSURE)
        .count()
    )


def _lines(readings: list[QualityReading]) -> list[dict[str, Any]]:
    """Return each figure over the days it was known, in whole percent; none of fewer than two days."""
    names = {
        "precision": _("Right, of those judged"),
        "corrected": _("Changed by the team, of those looked at"),
        "contested": _("Contested, of those in public asks"),
        "missed": _("Missed matches"),
        "alone": _("Alone"),
        "unplaced": _("In no ask"),
    }
    lines = []
    for key in _LINES:
        points = [
            (one.day, round(100 * value))
            for one in readings
            if (value := one.figures.get("all", {}).get(key)) is not None
        ]
        if len(points) > 1:
            lines.append(
                {
                    "points": points,
                    "name": names[key],
                    "unit": _("percent"),
                    "now": points[-1][1],
                }
            )
    return lines


@require_safe
@acting_required
def judge(request: HttpRequest) -> HttpResponse:
    """One case to judge; after ten, or twenty, how many there are."""
    wanted = MISSED if request.GET.get("kind") == MISSED else BELONGS
    total = _total(request.GET.get("of"))
    at = _number(request.GET.get("at"), total)
    person = member_of(request)
    found = draw(product=picked(request), person=person, wanted=wanted) if at < total else None
    last = (
        Judgement.objects.filter(
            person=person, judged_at__gte=clock.now() - judging.TAKE_BACK_WITHIN
        )
        .select_related("post", "other_post", "ask")
        .order_by("-id")
        .first()
        if at
        else None
    )
    return render(
        request,
        "desk/quality/judge.html",
        {
            "nav": "desk",
            "wanted": wanted,
            "at": at,
            "number": at + 1,
            "total": total,
            "is_long": total > SITTING,
            "sittings": (SITTING, LONG_SITTING),
            "case": _shown(found, person.pk) if found is not None else None,
            "last": last,
            "may_follow": last is not None and _may_follow(last),
            "done": at >= total,
        },
    )


def _total(text: str | None) -> int:
    """Return how many cases a sitting has that calls itself ``text``."""
    return LONG_SITTING if text == str(LONG_SITTING) else SITTING


def _number(text: str | None, total: int) -> int:
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 4:
        return 0
    return min(int(text), total)


def _may_follow(last: Judgement) -> bool:
    """Whether one click could put right what the judgement found wrong."""
    if last.kind == Judgement.Kind.PAIR:
        return last.verdict == Judgement.Verdict.SAME
    held = getattr(last.post, "membership", None)
    if last.kind == Judgement.Kind.CANDIDATE:
        return last.verdict == Judgement.Verdict.SAME and held is None
    return (
        last.verdict == Judgement.Verdict.OTHER and held is not None and held.ask_id == last.ask_id
    )


def _shown(case: Case, person: int) -> dict[str, Any]:
    """Return the case as the page shows it: what the machine thinks of it is not told."""
    beside = typical_posts(case.ask, besides=case.post) if case.ask is not None else []
    if case.other_post is not None:
        beside = [case.other_post]
    hidden = title_gives_away(case)
    words = _words(case.post)
    texts = [f"{post.title}\n{_words(post)}" for post in beside]
    own = f"{case.post.title}\n{words}"
    title = "" if hidden or case.ask is None else case.ask.title
    shared = words_in_both(own, [*texts, title])
    different = only_in(own, [*texts, title]) | {
        word for one in texts for word in only_in(one, [own])
    }
    said_already = case.ask is not None and any(post.title == case.ask.title for post in beside)
    return {
        "post": case.post,
        "post_title": marked(case.post.title, shared, different),
        "words": marked(words, shared, different),
        "ask": case.ask,
        # A title that stands on one of the two anyway is not said twice.
        "title": "" if said_already else marked(title, shared),
        "named_after_it": hidden,
        "beside": [
            (
                post,
                marked(post.title, shared, different),
                marked(_words(post), shared, different),
            )
            for post in beside
        ],
        "token": signing.dumps(
            {
                "kind": str(case.kind),
                "post": case.post.pk,
                "ask": case.ask.pk if case.ask is not None else None,
                "other": case.other_post.pk if case.other_post is not None else None,
                "score": case.score,
                "model": case.model_key,
                "person": person,
            },
            salt=_SALT,
        ),
    }


def _words(post: Post) -> str:
    return excerpt(post.title, post.body, length=400)


@require_POST
@team_required
def judge_answer(request: HttpRequest) -> HttpResponse:
    """Take a word on one case, or take the last one back; then the next case."""
    wanted = MISSED if request.POST.get("kind") == MISSED else BELONGS
    total = _total(request.POST.get("of"))
    at = _number(request.POST.get("at"), total)
    person = member_of(request)
    if request.POST.get("do") == "back":
        if judging.take_back(person=person, now=clock.now()) is not None:
            at = max(0, at - 1)
        return redirect(_address(wanted, at, total))
    case = _case_of(request.POST.get("case", ""), person.pk)
    if case is None:
        messages.error(request, _("This case is too old. Here is another."))
        return redirect(_address(wanted, at, total))
    verdict = _WORDS.get(request.POST.get("do", ""), Judgement.Verdict.UNSURE)
    with told(request):
        judging.judge(case=case, verdict=verdict, person=person, now=clock.now())
        at += 1
    return redirect(_address(wanted, at, total))


def _address(wanted: str, at: int, total: int) -> str:
    of = f"&of={total}" if total > SITTING else ""
    return f"{reverse('desk:judge')}?kind={wanted}&at={at}{of}"


def _case_of(token: str, person: int) -> Case | None:
    """Return the case that was drawn for this person, or None: only drawn cases measure."""
    try:
        held = signing.loads(token, salt=_SALT, max_age=_TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    post = Post.objects.filter(pk=held["post"]).first()
    ask = Ask.objects.filter(pk=held["ask"]).first() if held["ask"] else None
    other = Post.objects.filter(pk=held["other"]).first() if held["other"] else None
    if held["person"] != person or post is None or (ask is None) == (other is None):
        return None
    return Case(held["kind"], post, ask, other, held["score"], held["model"])


@require_POST
@manager_required
def judge_follow(request: HttpRequest) -> HttpResponse:
    """Put right what a judgement found wrong: the one click that decides."""
    wanted = MISSED if request.POST.get("kind") == MISSED else BELONGS
    number = request.POST.get("judgement", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        raise Http404
    last = get_object_or_404(
        Judgement.objects.select_related("post", "other_post", "ask"),
        pk=int(number),
        person=member_of(request),
    )
    with told(request):
        decision = judging.follow_up(judgement=last, actor=member_of(request), now=clock.now())
        words = {"title": last.post.title}
        match last.kind:
            case Judgement.Kind.PAIR:
                sentence = _("Said: the two ask for the same.")
            case Judgement.Kind.CANDIDATE:
                sentence = _("“%(title)s” joined the ask.") % words
            case _other:
                sentence = _("“%(title)s” left the ask.") % words
        said(request, sentence, decision)
    total = _total(request.POST.get("of"))
    return redirect(_address(wanted, _number(request.POST.get("at"), total), total))
