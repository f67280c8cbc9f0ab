"""Titles of asks: a post's words as one, and the same title twice."""

import re

from django.utils.translation import gettext as _

from feedback.asks.models import Ask
from feedback.kernel import text
from feedback.kernel.refusals import Refusal

_SPACE_BEFORE_MARK = re.compile(r"\s+([,.!?;:，。！？；：…])")


def tidy(title: str) -> str:
    """Return a post's words as a title: no space before a mark, no full stop at the end, 200 characters."""
    title = _SPACE_BEFORE_MARK.sub(r"\1", " ".join(title.split()))
    return title.rstrip(" .,;:。，；：")[:200] or title[:200] or "…"


class Twin(Refusal):
    """Another ask has the title already."""


def refuse_twin(title: str, *, beside: Ask, may_be_itself: bool) -> None:
    """Raise `Twin` where another live ask of the product of ``beside`` is called ``title``, whatever its case and width.

    ``may_be_itself`` is for a rename: an ask may keep its own name.
    """
    wanted = text.fold(text.one_line(title))
    if not wanted:
        return
    others = Ask.objects.open().filter(product=beside.product_id)
    if may_be_itself:
        others = others.exclude(pk=beside.pk)
    for pk, known in others.values_list("pk", "title"):
        if text.fold(known) == wanted:
            twin = Ask.objects.get(pk=pk)
            raise Twin(
                _(
                    "There is “%(title)s” already, wanted by %(n)d. "
                    "Join the two, or tick that both shall have this name."
                )
                % {"title": twin.title, "n": twin.people_count}
            )
