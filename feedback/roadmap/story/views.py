"""Your idea shipped: the page of one author, its picture, and the way to one's own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from feedback.accounts.models import User
from feedback.forum.cards.cards import picture_of, placed, sharing
from feedback.forum.products.queries import about
from feedback.kernel import text
from feedback.kernel.pictures.drawing import Card
from feedback.roadmap.days import full_day
from feedback.roadmap.permissions import access_item
from feedback.roadmap.story.queries import Story, story_of


@require_safe
def story_mine(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead whoever asked for an item to their own page of it, everybody else to the item."""
    item = access_item(request.user, public_id)
    if isinstance(request.user, User) and story_of(item, request.user):
        return redirect("roadmap:story", item.public_id, request.user.public_id)
    return redirect("roadmap:item-detail", item.public_id)


@require_safe
def story(request: HttpRequest, public_id: str, person: str) -> HttpResponse:
    """What one author asked for, and what became of it."""
    told = access_story(request, public_id, person)
    about(request, told.line.release.product)
    return render(
        request,
        "roadmap/story/story.html",
        {
            "nav": "roadmap",
            "story": told,
            "is_mine": told.author == request.user,
            "headline": headline(told),
            "lines": lines_of(told),
            "language": text.language_of(told.line.text),
            "sharing": sharing(
                card_of(told),
                page=request.path,
                picture=request.path + "picture.png",
                about=told.line.text,
                is_everyones=told.author.is_named_in_credits,
            ),
        },
    )


@require_safe
def story_picture(request: HttpRequest, public_id: str, person: str) -> HttpResponse:
    """The picture of it, in the reader's language."""
    told = access_story(request, public_id, person)
    response = picture_of(request, card_of(told))
    response["Cache-Control"] = "private, max-age=3600"
    return response


def card_of(told: Story) -> Card:
    """Return what the picture says: who asked, what shipped, and since when."""
    return Card(
        headline=headline(told),
        title=told.line.text,
        lines=tuple(lines_of(told)),
        place=placed("SHIPPED"),
    )


def headline(told: Story) -> str:
    """Return whose idea shipped."""
    return _("%(name)s asked, and it shipped") % {"name": told.author.name}


def lines_of(told: Story) -> list[str]:
    """Return the sentences under what shipped: when it was asked for, how many more wanted it, and when it came."""
    release = told.line.release
    asked = _("Asked on %(day)s: “%(title)s”") % {
        "day": full_day(told.asked_on),
        "title": told.post.title,
    }
    wanted = ngettext(
        "%(n)s more person wanted it.", "%(n)s more people wanted it.", told.others
    ) % {"n": number_format(told.others, force_grouping=True)}
    shipped = _("Shipped in %(version)s on %(day)s.") % {
        "version": release.version,
        "day": full_day(release.release_date),
    }
    between = _("%(first)s %(then)s")
    return [asked, between % {"first": wanted, "then": shipped} if told.others else shipped]


def access_story(request: HttpRequest, public_id: str, person: str) -> Story:
    """Return the story; raises `Http404` where there is none, and for others where its author is counted, not named."""
    author = get_object_or_404(User, public_id=person, is_active=True)
    told = story_of(access_item(request.user, public_id), author)
    if told is None or not (author == request.user or author.is_named_in_credits):
        raise Http404
    return told
