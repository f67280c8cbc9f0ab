"""Notes of a release, drafted from what there is: titles and summaries of its items, and what people wrote.

Nothing is made up and nothing leaves the machine. A title in two languages is written "one / 另一个"; each draft takes the
half in its own.
"""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, override

from feedback.asks.stages import Stage
from feedback.forum.models import Post
from feedback.kernel import markdown, text, visible
from feedback.roadmap.models import Category, Item, Release
from feedback.roadmap.queries import category_of, count_people, live_ask_ids

QUOTE_LENGTH = 90
#: The site's languages, by the language of words.
LOCALES = {"en": "en", "zh": "zh-hans"}


def in_language(title: str, language: str) -> str:
    """Return the part of ``title`` that is in ``language``, the whole of it where none is."""
    parts = [part.strip() for part in title.split(" / ")]
    own = [part for part in parts if text.language_of(part) == language]
    return " / ".join(own) or title


def drafted(release: Release, language: str) -> str:
    """Return notes for what ``release`` brings, or is to bring, in ``language`` ("en", "zh"); "" for nothing."""
    lines = {
        line.item_id: line
        for line in release.lines.select_related("item").order_by("-people_count", "id")
    }
    coming = release.items.exclude(stage__in=[Stage.SHIPPED, Stage.DECLINED]).order_by("pk")
    items = [line.item for line in lines.values()] + ([] if release.is_out else list(coming))
    told: dict[str, list[str]] = {}
    with override(LOCALES[language]):
        for item in items:
            ask_ids = live_ask_ids(item)
            line = lines.get(item.pk)
            category = line.category if line else category_of(ask_ids)
            said = in_language(item.title, language)
            told.setdefault(category, []).append(_entry(item, said, ask_ids, language))
        sections = [
            f"### {category.label}\n\n" + "\n".join(told[category])
            for category in Category
            if category in told
        ]
    return "\n\n".join(sections)


def _entry(item: Item, title: str, ask_ids: Sequence[int], language: str) -> str:
    """Return one line of the notes: what it is, what it does, how many asked, and one of them in their own words."""
    parts = [f"**{title}**"]
    summary = item.summary.strip().partition("\n")[0]
    if summary and text.language_of(summary) == language:
        parts.append(summary)
    people = count_people(ask_ids)
    if people:
        n = number_format(people, force_grouping=True)
        quote = _quote(ask_ids, language)
        if quote:
            said = ngettext(
                "Asked for by {n} person: “{quote}”", "Asked for by {n} people: “{quote}”", people
            )
            parts.append(said.format(n=n, quote=quote))
        else:
            said = ngettext("Asked for by {n} person.", "Asked for by {n} people.", people)
            parts.append(said.format(n=n))
    between = gettext("{first} {then}")
    sentence = parts[0]
    for part in parts[1:]:
        sentence = between.format(first=sentence, then=part)
    return f"- {sentence}"


def _quote(ask_ids: Sequence[int], language: str) -> str:
    """Return the title of the post in ``language`` that most people wanted, made safe for Markdown."""
    title = (
        Post.objects.filter(
            membership__ask__in=ask_ids, state=Post.State.PUBLISHED, language=language
        )
        .order_by("-vote_count", "posted_at")
        .values_list("title", flat=True)
        .first()
    )
    return visible.cut(markdown.plain(title or ""), QUOTE_LENGTH).translate(
        {ord(sign): f"\\{sign}" for sign in "\\`*_[]<>#|"}
    )
