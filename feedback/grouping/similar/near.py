"""What a search finds by meaning: posts whose vectors lie near the vector of its words."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest

from feedback.asks.models import PlacementAttempt
from feedback.forum.models import Post
from feedback.forum.products.queries import within
from feedback.forum.search.finding import Near, Search
from feedback.grouping.similar.similar import Meaning, meaning_of
from feedback.grouping.vectors.encoders import current_model
from feedback.kernel import text
from feedback.kernel.folding import simplified

#: Seconds that a page waits for the encoder, and that it waits when it looks again.
PATIENCE, SECOND_PATIENCE = 0.12, 3.0
#: Texts that are looked at, the nearest ones.
LOOKED_AT = 60
#: Cosine below which nothing is near: of two texts that both are Chinese or both are not, and of a Chinese and another one. Where
#: a third of what lay at the edge was right, by sixty judged searches. A search is too short to tell more of its language.
FLOOR, FLOOR_ACROSS = 0.44, 0.36


def near_searches(request: HttpRequest, searches: Sequence[Search]) -> Mapping[int, Near]:
    """Fill "search-meaning": the posts near each search, nearest first; late where the encoder does not answer."""
    return {search.pk: _near(search) for search in searches}


def _near(search: Search) -> Near:
    patience = SECOND_PATIENCE if search.is_patient else PATIENCE
    meaning = meaning_of(simplified(search.query.words), patience=patience)
    if meaning is None:
        return Near(is_late=current_model() is not None)
    near = meaning.nearest(LOOKED_AT, search.product)
    is_chinese = text.language_of(search.query.words) == "zh"
    wanted = {key: cosine for key, cosine in near.items() if cosine >= FLOOR_ACROSS}
    posts = Post.objects.filter(
        within(search.product, "board__product"), content_hash__in=wanted
    ).values_list("pk", "content_hash", "language", "state")
    # The state is compared here: SQLite, which does not know that nearly all are published, would read them all.
    scores = {
        pk: wanted[key]
        for pk, key, language, state in posts
        if state == Post.State.PUBLISHED
        and wanted[key] >= (FLOOR if (language == "zh") == is_chinese else FLOOR_ACROSS)
    }
    # What only says that it is good or bad is like everything.
    moody = PlacementAttempt.objects.filter(post__in=scores, boilerplate__gt="")
    for pk in moody.values_list("post", flat=True):
        scores.pop(pk)
    return Near(
        sorted(scores.items(), key=lambda pair: (-pair[1], -pair[0])), _cosines(meaning, search)
    )


def _cosines(meaning: Meaning, search: Search) -> dict[int, float]:
    """Return the cosines of the posts found so far."""
    hashes = dict(
        Post.objects.filter(pk__in=[hit.pk for hit in search.hits]).values_list(
            "pk", "content_hash"
        )
    )
    by_hash = meaning.cosines(sorted(set(hashes.values()))) if hashes else {}
    return {pk: by_hash[key] for pk, key in hashes.items() if key in by_hash}
