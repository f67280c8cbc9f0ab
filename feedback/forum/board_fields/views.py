"""What the chosen board asks for, while somebody writes."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from feedback.accounts import limits
from feedback.forum.posts.drafts import words_in
from feedback.forum.posts.forms import PostForm, kept_names
from feedback.forum.products.queries import chosen
from feedback.kernel import clock

#: What one address may do without an account.
_ASKS = limits.Rate("fields", 120, dt.timedelta(minutes=1))


@require_POST
def post_fields(request: HttpRequest) -> HttpResponse:
    """Show the fields of the chosen board with what is typed so far; ``?part=lacking`` only what is missing."""
    if limits.is_over(_ASKS, request, now=clock.now()):
        return HttpResponse("", status=429)
    typed = words_in(request.POST, kept_names(request.POST))
    form = PostForm(initial=typed, person=request.user, product=chosen(request))
    if request.GET.get("part") == "lacking":
        context = {"lacks": form.lacks(typed)}
        return render(request, "forum/board_fields/_lacking.html", context)
    return render(request, "forum/board_fields/_fields.html", {"form": form})
