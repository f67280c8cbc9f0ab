"""What kind of post a draft is and on which board it belongs, as far as its words and the posts like it tell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from feedback.encoder.models.registry import describe
from feedback.engine.words.speech import KINDS, Speech
from feedback.forum.models import Post, Product
from feedback.forum.posts.hints import Proposal
from feedback.grouping.similar.similar import PATIENCE, QUICK_VIEW, rank
from feedback.grouping.vectors.encoders import EncoderDown, client, client_of, current_model
from feedback.kernel import text

#: What people do with their words, and what that is called here; a mood or talk is none.
_KIND_OF = {
    "wish": Post.Kind.SUGGESTION,
    "fault": Post.Kind.BUG,
    "question": Post.Kind.QUESTION,
    "praise": Post.Kind.PRAISE,
}
#: By how much a kind must lead to be clear: of forty posts in both languages none was taken for another above it.
_CLEAR = 0.4
#: Visible characters from which words say something.
_LEAST, _LEAST_HAN = 8, 4
#: Of so many posts nearest to a draft those that were written here tell the board: so many at least, so much of them.
_NEAREST, _WITNESSES, _AGREE = 12, 3, 0.75


def proposals(request: HttpRequest, drafts: Sequence[Any]) -> Mapping[int, Proposal]:
    """Fill "post-proposal": what each draft seems to be, "" where that is not clear."""
    return {
        draft.pk: Proposal(
            kind=likely_kind(draft.title, draft.body),
            board=likely_board(draft.title, draft.body, product=draft.product),
        )
        for draft in drafts
    }


def likely_kind(title: str, body: str) -> str:
    """Return the `Post.Kind` that a draft reads like, "" where it reads like several or the encoder is away."""
    words = text.text_of(title, body)[:1000]
    if len(words) < (_LEAST_HAN if text.language_of(words) == "zh" else _LEAST):
        return ""
    judge = Speech.shipped(describe(QUICK_VIEW).model_key)
    model = current_model()
    if judge is None or (model is not None and QUICK_VIEW not in [view[0] for view in model.views]):
        return ""
    asked = client() if model is None else client_of(model)
    texts = list(dict.fromkeys(filter(None, [title.strip(), words])))
    try:
        scores = judge.scores(asked.embed(texts, view=QUICK_VIEW, timeout=PATIENCE))
    except EncoderDown:
        return ""
    for row in sorted(scores.tolist(), key=_lead, reverse=True)[:1]:
        if _lead(row) >= _CLEAR:
            return _KIND_OF.get(KINDS[row.index(max(row))], "")
    return ""


def _lead(scores: list[float]) -> float:
    """Return by how much the highest of ``scores`` leads the next."""
    first, second = sorted(scores, reverse=True)[:2]
    return first - second


def likely_board(title: str, body: str, *, product: Product | None) -> str:
    """Return the slug of the board on which the posts like a draft stand, "" where they stand on several.

    Only posts that were written here tell: what was imported stands where the operator put it.
    """
    ranked, by_meaning = rank(text.text_of(title, body)[:1000], product=product)
    if not by_meaning:
        return ""
    near = [pk for pk, _score in ranked[:_NEAREST]]
    boards = Counter(
        Post.objects.filter(pk__in=near, source="", board__is_archived=False).values_list(
            "board__slug", flat=True
        )
    )
    if boards.total() < _WITNESSES:
        return ""
    slug, count = boards.most_common(1)[0]
    return str(slug) if count >= _AGREE * boards.total() else ""
