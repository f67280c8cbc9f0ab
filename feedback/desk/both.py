"""Two people at one form of the desk: who saves second sees what the first saved, beside what they typed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from feedback.kernel.refusals import status_of
from feedback.kernel.stale import StaleEdit, labelled, mark_of


class Both:
    """What the form began with, and what somebody else saved meanwhile, by the label of its field.

    ``request`` is that which may send the form; None for one that only stands on the page of another.
    """

    def __init__(self, request: HttpRequest | None, words: Mapping[str, str]) -> None:
        sent = request.POST if request is not None and request.method == "POST" else None
        self.seen = mark_of(words) if sent is None else sent.get("seen", "")
        self.theirs: list[tuple[str, str]] = []

    @contextmanager
    def shown_in(self, form: BaseForm) -> Iterator[None]:
        """Keep what stands now where the block finds that it is another; sending the form once more overwrites it."""
        try:
            yield
        except StaleEdit as stale:
            self.theirs, self.seen = labelled(form, stale.theirs), mark_of(stale.theirs)
            raise

    def status(self, form: BaseForm) -> int:
        """Return the status of a page that shows ``form`` again."""
        return 409 if self.theirs else status_of(form)


def form_page(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    *,
    both: Both | None = None,
    **context: object,
) -> HttpResponse:
    """Return the page ``template`` with ``form``, and beside it what somebody else saved meanwhile."""
    told = {"nav": "desk", "form": form, "both": both, **context}
    status = both.status(form) if both is not None else status_of(form)
    return render(request, template, told, status=status)
