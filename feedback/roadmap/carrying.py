"""Carrying out what a form on a page of the roadmap asks for."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from feedback.accounts.models import User
from feedback.accounts.permissions import member_of
from feedback.kernel.refusals import beside
from feedback.kernel.stale import StaleEdit, labelled, mark_of


def carry_out(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[User], str],
    *,
    back: str,
    again: Callable[..., HttpResponse],
) -> HttpResponse:
    """Have ``act`` do what ``form`` asks for, say what it returns and go ``back``.

    What cannot be done comes ``again``, with the form and what the person has written: ``again(status=…)``. Where somebody
    changed the same meanwhile it gets ``theirs`` besides, ``theirs_labelled`` by the labels of the form, and sending it once more overwrites what the page then shows.
    """
    if form.is_valid():
        with beside(form):
            try:
                said = act(member_of(request))
            except StaleEdit as stale:
                form.add_error(None, str(stale))
                data = request.POST.copy()
                data[form.add_prefix("seen")] = mark_of(stale.theirs)
                form.data = data
                theirs = labelled(form, stale.theirs)
                return again(status=409, theirs=stale.theirs, theirs_labelled=theirs)
            if said:
                messages.success(request, said)
            return redirect(back)
    return again(status=422)
