"""A release for everyone, and what the team does with it on the same page."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feedback.accounts.models import User
from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.forum.products.operations import default_product
from feedback.forum.products.queries import about, all_products, chosen, usual
from feedback.forum.rights.reading import manages
from feedback.kernel import clock
from feedback.kernel.refusals import beside
from feedback.roadmap import credits
from feedback.roadmap import queries as roadmap
from feedback.roadmap.cards.cards import sharing_of_release
from feedback.roadmap.carrying import carry_out
from feedback.roadmap.models import ChangelogLine, Release
from feedback.roadmap.permissions import access_release
from feedback.roadmap.reports import presenting as reports_presenting
from feedback.roadmap.reports.queries import report_of
from feedback.roadmap.ring.queries import invitation_of
from feedback.roadmap.stops import Stop, next_after
from feedback.roadmap.train import editing, operations, presenting
from feedback.roadmap.train.announcing import boards_for, post_preview
from feedback.roadmap.train.forms import (
    DaysForm,
    HaltForm,
    LeaveForm,
    LineForm,
    NotesForm,
    PlanForm,
    ProblemForm,
    ReleaseLinkForm,
    SlipForm,
    TrainForm,
)
from feedback.roadmap.train.leaving import leave
from feedback.roadmap.train.queries import next_departure, timetable, train_of
from feedback.roadmap.train.recording import waiting

Act = Callable[[User], str]


@require_GET
def release_detail(request: HttpRequest, version: str) -> HttpResponse:
    """One release: where it stands, what it says and brings, what is wrong with it, and everyone it thanks."""
    return _page(request, access_release(version, chosen(request)))


@require_POST
@manager_required
def release_move(request: HttpRequest, version: str) -> HttpResponse:
    """Move a release to another stop; to take that back is the same deed the other way."""
    release = access_release(version, chosen(request))
    stop = request.POST.get("stop") or request.GET.get("stop") or ""
    if stop not in Stop:
        raise Http404
    came_from = release.stop
    moved = operations.move_release(
        release=release, stop=stop, actor=member_of(request), now=clock.now()
    )
    back = reverse("roadmap:release-move", args=[release.version])
    back += f"?product={release.product.slug}&stop={came_from}"
    messages.success(
        request,
        _("%(version)s: %(stop)s.") % {"version": moved.version, "stop": moved.get_stop_display()},
        extra_tags=f"undo:{quote(back, safe='/?&=%')}" if came_from != moved.stop else "",
    )
    return redirect(release.address)


@require_POST
@manager_required
def release_slip(request: HttpRequest, version: str) -> HttpResponse:
    """Let a release leave on another day."""
    release = access_release(version, chosen(request))
    form = SlipForm(request.POST)

    def act(actor: User) -> str:
        operations.slip(release=release, actor=actor, now=clock.now(), **form.cleaned_data)
        return _("The new day stands. Everyone who waits for it will be told.")

    return _carry_out(request, release, form, "slip_form", act)


@require_POST
@manager_required
def release_halt(request: HttpRequest, version: str) -> HttpResponse:
    """Hold a release, or skip it."""
    release = access_release(version, chosen(request))
    form = HaltForm(request.POST)

    def act(actor: User) -> str:
        halt = operations.skip if form.cleaned_data["how"] == "skip" else operations.stop
        halt(release=release, word=form.cleaned_data["word"], actor=actor, now=clock.now())
        return _("Done. Everyone who waits for it will be told why.")

    return _carry_out(request, release, form, "halt_form", act)


@require_POST
@manager_required
def release_resume(request: HttpRequest, version: str) -> HttpResponse:
    """Take a release up again."""
    release = access_release(version, chosen(request))
    operations.resume(release=release, actor=member_of(request), now=clock.now())
    messages.success(request, _("It is on its way again."))
    return redirect(release.address)


@require_POST
@manager_required
def release_leave(request: HttpRequest, version: str) -> HttpResponse:
    """Release day."""
    release = access_release(version, chosen(request))
    form = LeaveForm(request.POST, items=waiting(release))

    def act(actor: User) -> str:
        left = leave(
            release=release,
            items=form.going(),
            texts=form.texts(),
            actor=actor,
            now=clock.now(),
        )
        return _("%(version)s is out. Everyone who asked for what it brings will be told.") % {
            "version": left.version
        }

    return _carry_out(request, release, form, "leave_form", act)


@require_POST
@manager_required
def release_notes(request: HttpRequest, version: str) -> HttpResponse:
    """Write the notes; who comes second sees both texts."""
    release = access_release(version, chosen(request))
    form = NotesForm(request.POST, release=release)

    def act(actor: User) -> str:
        editing.change_notes(release=release, actor=actor, now=clock.now(), **form.cleaned_data)
        return _("Saved.")

    return _carry_out(request, release, form, "notes_form", act)


@require_POST
@manager_required
def release_preview(request: HttpRequest, version: str) -> HttpResponse:
    """Post a preview on a board of announcements."""
    release = access_release(version, chosen(request))
    board = get_object_or_404(boards_for(release.product), slug=request.POST.get("board", ""))
    post = post_preview(release=release, board=board, actor=member_of(request), now=clock.now())
    messages.success(request, _("The preview is posted."))
    return redirect("forum:post-detail", post.public_id)


@require_POST
@manager_required
def release_draft(request: HttpRequest, version: str) -> HttpResponse:
    """Have the notes drafted."""
    release = access_release(version, chosen(request))
    editing.draft_notes(release=release, actor=member_of(request), now=clock.now())
    messages.success(
        request, _("Drafted from the items and what people wrote. Read it and make it yours.")
    )
    return redirect(release.address)


@require_POST
@manager_required
def release_days(request: HttpRequest, version: str) -> HttpResponse:
    """Change the days of the stops, and what is due there."""
    release = access_release(version, chosen(request))
    form = DaysForm(
        request.POST, release=release, calls=timetable(release, timezone.localdate(clock.now()))
    )

    def act(actor: User) -> str:
        operations.change_days(
            release=release,
            days=form.changes(),
            seen=form.cleaned_data["seen"],
            actor=actor,
            now=clock.now(),
        )
        return _("Saved.")

    return _carry_out(request, release, form, "days_form", act)


@require_POST
@manager_required
def release_problem(request: HttpRequest, version: str) -> HttpResponse:
    """Add a known problem; say that this release mends one, or that it was none."""
    release = access_release(version, chosen(request))
    known = request.POST.get("known", "")
    if known:
        problem = get_object_or_404(
            release.problems, pk=known if known.isascii() and known.isdigit() else 0
        )
        version_mended = request.POST.get("mended_in", "")
        actor, now = member_of(request), clock.now()
        if version_mended:
            mended_in = access_release(version_mended, release.product)
            editing.mend_problem(problem=problem, mended_in=mended_in, actor=actor, now=now)
        else:
            editing.remove_problem(problem=problem, actor=actor, now=now)
        messages.success(request, _("Saved."))
        return redirect(release.address)
    form = ProblemForm(request.POST)

    def act(actor: User) -> str:
        editing.add_problem(release=release, actor=actor, now=clock.now(), **form.cleaned_data)
        return _("Saved.")

    return _carry_out(request, release, form, "problem_form", act)


@require_POST
@manager_required
def release_link(request: HttpRequest, version: str) -> HttpResponse:
    """Add a link, or take one away."""
    release = access_release(version, chosen(request))
    known = request.POST.get("known", "")
    if known:
        link = get_object_or_404(
            release.links, pk=known if known.isascii() and known.isdigit() else 0
        )
        editing.remove_link(link=link, actor=member_of(request), now=clock.now())
        messages.success(request, _("Saved."))
        return redirect(release.address)
    form = ReleaseLinkForm(request.POST)

    def act(actor: User) -> str:
        editing.add_link(release=release, actor=actor, now=clock.now(), **form.cleaned_data)
        return _("Saved.")

    return _carry_out(request, release, form, "link_form", act)


@require_POST
@manager_required
def release_line(request: HttpRequest, version: str, public_id: str) -> HttpResponse:
    """Put a line of the changelog better."""
    release = access_release(version, chosen(request))
    line = get_object_or_404(release.lines, item__public_id=public_id)
    form = LineForm(request.POST, line=line)

    def act(actor: User) -> str:
        editing.change_line(line=line, actor=actor, now=clock.now(), **form.cleaned_data)
        return _("Saved.")

    return _carry_out(request, release, form, "line_form", act)


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def train(request: HttpRequest) -> HttpResponse:
    """When the train leaves, who may show what it brings, and planning the next version."""
    product = _product_of(request)
    if request.method != "POST":
        return _train_page(request, product)
    form = TrainForm(request.POST, instance=train_of(product))

    def change(actor: User) -> str:
        operations.change_train(product=product, actor=actor, now=clock.now(), **form.cleaned_data)
        return _("Saved.")

    again = partial(_train_page, request, product, form=form)
    back = f"{request.path}?product={product.slug}"
    return carry_out(request, form, change, back=back, again=again)


@require_POST
@manager_required
def train_plan(request: HttpRequest) -> HttpResponse:
    """Put a version on the train."""
    product = _product_of(request)
    form = PlanForm(request.POST)
    if form.is_valid():
        with beside(form):
            release = operations.plan_release(
                product=product, actor=member_of(request), now=clock.now(), **form.cleaned_data
            )
            messages.success(
                request, _("%(version)s is on the train.") % {"version": release.version}
            )
            return redirect(release.address)
    return _train_page(request, product, plan_form=form, status=422)


def _product_of(request: HttpRequest) -> Product:
    """Return the product that the address names, else the site's usual one."""
    return chosen(request) or usual(all_products(request)) or default_product(now=clock.now())


def _train_page(
    request: HttpRequest, product: Product, *, status: int = 200, **forms: Any
) -> HttpResponse:
    about(request, product)
    context = {
        "nav": "roadmap",
        "product": product,
        "form": TrainForm(instance=train_of(product)),
        "plan_form": PlanForm(),
        "next_departure": next_departure(product, clock.now()),
    }
    return render(request, "roadmap/train/train.html", context | forms, status=status)


def _carry_out(
    request: HttpRequest, release: Release, form: BaseForm, name: str, act: Act
) -> HttpResponse:
    """Do what ``form`` asks for and go back to the release; show it with the form when it cannot be done."""
    mine: dict[str, Any] = {name: form}
    again = partial(_page, request, release, **mine)
    return carry_out(request, form, act, back=release.address, again=again)


def _page(
    request: HttpRequest, release: Release, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render the page of ``release``; ``more`` are the forms that came back with an error."""
    about(request, release.product)
    today = timezone.localdate(clock.now())
    calls = timetable(release, today)
    report = report_of(release)
    lines = list(credits.credited(release.lines.select_related("item"), everyone=True).values())
    planned = release.items.exclude(stage__in=[Stage.SHIPPED, Stage.DECLINED])
    context: dict[str, Any] = {
        "nav": "roadmap",
        "release": release,
        "sharing": sharing_of_release(release),
        "calls": calls,
        "here": next((call for call in calls if call.state == "here"), None),
        "notes": presenting.notes_for_reader(release),
        "lines": lines,
        "sections": presenting.by_category(lines),
        "rows": roadmap.rows(list(planned.select_related("release").order_by("id"))),
        "problems": [
            (problem, presenting.problem_for_reader(problem))
            for problem in release.problems.select_related("mended_in__product")
        ],
        "mended": [
            (problem, presenting.problem_for_reader(problem))
            for problem in release.mended.select_related("release__product")
        ],
        "links": release.links.all(),
        "thanks": credits.thanks(lines),
        "report": report,
        "reports": reports_presenting.invitations_to(report, request.user, now=clock.now()),
        "today": today,
        "invitation": invitation_of(release, request.user),
    }
    if manages(request.user, release.product):
        following = next_after(release.stop)
        context |= {
            "is_manager": True,
            "due": [call for call in calls if call.is_due or call.is_late],
            "next_stop": following,
            "may_leave": not release.is_out and not release.is_halted,
            "preview_boards": boards_for(release.product),
            "slip_form": SlipForm(),
            "halt_form": HaltForm(),
            "leave_form": LeaveForm(items=[row.item for row in context["rows"]]),
            "notes_form": NotesForm(release=release),
            "days_form": DaysForm(release=release, calls=calls),
            "problem_form": ProblemForm(),
            "link_form": ReleaseLinkForm(),
            "line_forms": _line_forms(lines, more.get("line_form")),
            "others": Release.objects.filter(product=release.product)
            .exclude(pk=release.pk)
            .order_by("-release_date")[:20],
        }
    return render(request, "roadmap/train/release_detail.html", context | more, status=status)


def _line_forms(
    lines: Sequence[credits.CreditedLine], came_back: LineForm | None
) -> list[tuple[ChangelogLine, LineForm]]:
    """Return a form for each line of the changelog; the one that ``came_back`` keeps what was written in it."""
    forms = [
        came_back if came_back and came_back.line == one.line else LineForm(line=one.line)
        for one in lines
    ]
    return [(form.line, form) for form in forms]
