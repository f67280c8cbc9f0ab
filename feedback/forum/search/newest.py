"""The newest posts that a search finds by its words, without a rank: what is new to whoever looked before."""

from feedback.forum.models import Post
from feedback.forum.search import index, table
from feedback.forum.search.finding import Search


def newest(search: Search, *, most: int) -> list[int]:
    """Return up to ``most`` posts, the last to arrive first, with all the words of ``search``, that pass its filters."""
    query, among = search.query, search.of_posts()
    if not query.terms:
        if among is None and query.is_plain:
            return []
        posts = Post.objects.all() if among is None else among
        shown = posts.filter(state=Post.State.PUBLISHED).order_by("-posted_at", "-pk")
        pks = list(shown.values_list("pk", flat=True)[:most])
    else:
        expression = index.expression_of(search.ways, without=query.without)
        pks = table.matching(expression, limit=most, among=among)
    if query.phrases or query.not_phrases or (query.without and not query.terms):
        rows = table.rows_of(pks)
        pks = [pk for pk in pks if pk in rows and query.accepts(rows[pk])]
    return pks
