"""Keeping what the words of posts and comments become, and forgetting it with them.

Whoever writes the words of a text says so here, in the same transaction: what a text once said stands nowhere else then.
"""

from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from feedback.forum.models import Comment, Post
from feedback.forum.renderings.models import RenderedComment, RenderedPost, Rendering
from feedback.kernel import markdown
from feedback.kernel.batches import batches
from feedback.kernel.markdown import PIPELINE, Rendered
from feedback.kernel.turns import turn

Text = Post | Comment
#: Characters of HTML behind which a post is cut until somebody wants all of it, and a comment among others.
MOST = {Post: 80_000, Comment: 24_000}
_KEPT: dict[type[Text], Any] = {Post: RenderedPost, Comment: RenderedComment}
_COLUMNS = ("html", "is_cut", "digest", "pipeline")
#: Texts that one look goes through, and those of them that one transaction writes.
_LOOKED_AT, _WRITTEN = 500, 100


def digest_of(source: str) -> str:
    """Return the mark of ``source`` that its rendering carries."""
    return blake2b(source.encode(), digest_size=16).hexdigest()


def kept_of(text: Text) -> Rendered | None:
    """Return what is kept of ``text``, None where that is of other words, of another pipeline, or nothing."""
    kept: Rendering | None = getattr(text, "rendered", None)
    if kept is None or kept.pipeline != PIPELINE or kept.digest != digest_of(text.body):
        return None
    return markdown.as_kept(kept.html, is_cut=kept.is_cut)


def keep(text: Text) -> None:
    """Write what the words of ``text`` become, over what they became before. Belongs inside the transaction that writes them."""
    made = _made(text)
    if made is None:
        forget(type(text), [text.pk])
    else:
        _write(type(text), [made])


def forget(kind: type[Text], pks: Iterable[int]) -> None:
    """Keep nothing of these texts any more. Belongs inside the transaction that takes their words."""
    for some in batches(pks):
        _KEPT[kind].objects.filter(pk__in=some).delete()


def _made(text: Text) -> Rendering | None:
    if not markdown.stands_alone(text.body):
        return None
    kind = type(text)
    rendered = markdown.render_up_to(MOST[kind], text.body)
    made: Rendering = _KEPT[kind](
        text_id=text.pk,
        html=rendered.html,
        is_cut=rendered.is_cut,
        digest=digest_of(text.body),
        pipeline=PIPELINE,
    )
    return made


def _write(kind: type[Text], made: Collection[Rendering]) -> None:
    _KEPT[kind].objects.bulk_create(
        made, update_conflicts=True, unique_fields=["text"], update_fields=_COLUMNS
    )


def fill() -> bool:
    """Keep what is not kept yet, or of an older pipeline, of some texts; return whether more may follow.

    Goes on behind the text that was looked at last. Where that is forgotten it begins anew, which writes nothing twice.
    """
    more = [_fill(kind) for kind in _KEPT]
    return any(more)


def _fill(kind: type[Text]) -> bool:
    place = f"forum.rendered.{kind.__name__}.{PIPELINE}"
    after: int = cache.get(place, 0)
    behind = kind._default_manager.filter(pk__gt=after).order_by("pk")
    pks = list(behind.values_list("pk", flat=True)[:_LOOKED_AT])
    if not pks:
        return False
    lacking = kind._default_manager.filter(pk__gt=after, pk__lte=pks[-1]).exclude(body="")
    lacking = lacking.filter(Q(rendered=None) | ~Q(rendered__pipeline=PIPELINE))
    wanted = list(lacking.order_by("pk").values_list("pk", flat=True))
    for some in batches(wanted, size=_WRITTEN):
        _fill_some(kind, some)
    cache.set(place, pks[-1], None)
    return len(pks) == _LOOKED_AT


def _fill_some(kind: type[Text], pks: Sequence[int]) -> None:
    """Render these texts, and keep what they become as long as they still say it. Lock contract: their rows."""
    texts = kind._default_manager.filter(pk__in=pks)
    before = {text.pk: (text.body, _made(text)) for text in texts.only("body")}
    with turn():
        held = texts.select_for_update(no_key=True).order_by("pk").only("body")
        now = {text.pk: text.body for text in held}
        same = {pk: made for pk, (body, made) in before.items() if now.get(pk) == body}
        _write(kind, [made for made in same.values() if made is not None])
        old = [pk for pk, made in same.items() if made is None]
        if old:
            forget(kind, old)


def wrongly_kept(*, fix: bool) -> int:
    """Return of how many texts something is kept that they do not say; with ``fix`` it is forgotten.

    Nothing leads there but a change of the words that nobody told of.
    """
    found = 0
    for kind, kept in _KEPT.items():
        after = 0
        while True:
            rows = kept.objects.filter(pk__gt=after).order_by("pk")
            some = list(rows.values_list("pk", "digest", "text__body")[:_LOOKED_AT])
            if not some:
                break
            after = some[-1][0]
            wrong = [pk for pk, digest, body in some if digest != digest_of(body)]
            found += len(wrong)
            if fix and wrong:
                with transaction.atomic():
                    forget(kind, wrong)
    return found
