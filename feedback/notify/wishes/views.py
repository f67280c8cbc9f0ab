"""What one is told, and how: a page for those who sign in, and one behind the link in a mail."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.language import language_of
from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, member_required
from feedback.kernel import clock
from feedback.kernel.refusals import beside
from feedback.kernel.secret_address import secret_address
from feedback.notify.channels.email import closing, queue
from feedback.notify.channels.feed.own import own_feeds
from feedback.notify.channels.push import queue as push
from feedback.notify.channels.push.devices import devices_of
from feedback.notify.channels.push.vapid import public_key
from feedback.notify.following.names import named
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import Group, Pace
from feedback.notify.models import FeedKey, Subscription
from feedback.notify.wishes import operations
from feedback.notify.wishes.forms import WishesForm
from feedback.notify.wishes.tokens import bearer_of, muter_of


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """When one is mailed of what, what one follows, and whether mail arrives."""
    person, with_push = member_of(request), push.is_on()
    form = WishesForm(
        request.POST if request.method == "POST" else None,
        wishes=operations.wishes_of(person),
        with_push=with_push,
    )
    if request.method == "POST" and form.is_valid():
        with beside(form):
            operations.choose(
                person=person,
                mail=form.mail,
                push=form.push,
                quiet_from=form.cleaned_data["quiet_from"],
                quiet_until=form.cleaned_data["quiet_until"],
                time_zone=form.cleaned_data["time_zone"],
                now=clock.now(),
            )
            messages.success(request, _("Saved."))
            return redirect("notify:wishes")
    return render(
        request,
        "notify/wishes/wishes.html",
        {
            "form": form,
            "rows": form.rows(),
            "others": [form[name] for name in ("quiet_from", "quiet_until", "time_zone")],
            "mail_is_on": queue.is_on(),
            "address": person.email,
            "push_key": public_key() if with_push else "",
            "push_is_off": not settings.HAS_PUSH,
            "devices": devices_of(person),
            "closed": closing.closed_of(person),
            "feed_key": FeedKey.objects.filter(person=person).first(),
            "own_feeds": own_feeds(person),
            "followed": named(
                Subscription.objects.filter(person=person).order_by("-since", "-pk"), reader=person
            ),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@member_required
def send_again(request: HttpRequest) -> HttpResponse:
    """Send to one's address again, though a server refused it once."""
    operations.send_again(person=member_of(request))
    messages.success(request, _("Mail goes to your address again."))
    return redirect("notify:wishes")


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed address says who wants what
@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Mail less, without signing in. A GET shows the choice and changes nothing: link checkers open every link."""
    bearer = bearer_of(token)
    if bearer is None:
        return render(request, "notify/wishes/unsubscribe.html", {"is_unknown": True}, status=404)
    with translation.override(language_of(bearer.person) or translation.get_language()):
        done = ""
        if request.method == "POST":
            done = _mail_less(request, bearer.groups, person=bearer.person)
        about = {
            "token": token,
            "done": done,
            "name": bearer.person.name,  # whoever holds an old mail need not learn an address
            "groups": [Group(group).label for group in bearer.groups],
        }
        return render(request, "notify/wishes/unsubscribe.html", about)


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def mute(request: HttpRequest, token: str) -> HttpResponse:
    """Hear no more of one thing, without signing in, from the link beneath it in a mail."""
    muter = muter_of(token)
    if muter is None:
        return render(request, "notify/wishes/unsubscribe.html", {"is_unknown": True}, status=404)
    with translation.override(language_of(muter.person) or translation.get_language()):
        if request.method == "POST":
            subscribe(
                person=muter.person,
                about=muter.about,
                about_id=muter.about_id,
                is_muted=True,
                now=clock.now(),
            )
        about = {
            "token": token,
            "name": muter.person.name,
            "kind": muter.about.label,
            "is_done": request.method == "POST",
        }
        return render(request, "notify/wishes/mute.html", about)


def _mail_less(request: HttpRequest, groups: tuple[str, ...], *, person: User) -> str:
    """Do what was pressed, or what a mail program posts, and return what is so now."""
    now, want = clock.now(), request.POST.get("want", "")
    everything = list(Group)
    if want == "ALL":
        operations.mail_less(person=person, groups=everything, pace=Pace.NEVER, now=now)
        return _("No more mails. What is new stands in your inbox on the site.")
    if want in (Pace.DAILY, Pace.WEEKLY):
        operations.mail_less(person=person, groups=everything, pace=Pace(want), now=now)
        if want == Pace.DAILY:
            return _("From now on one mail a day at most.")
        return _("From now on one mail a week at most.")
    operations.mail_less(person=person, groups=groups, pace=Pace.NEVER, now=now)
    return _("No more mails of this kind.")
