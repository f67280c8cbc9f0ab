"""A brief as it is read: its words with the machine's signs, and whom it quotes, for a page, a post, a mail and a feed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from feedback.briefs.drafting.quoting import stands_in
from feedback.briefs.drafting.signs import legend, signed
from feedback.briefs.drafting.wording import ask_title, escaped, link
from feedback.briefs.models import LANGUAGES, Brief, BriefQuote
from feedback.kernel import markdown
from feedback.kernel.markdown import MACHINE_SIGN
from feedback.roadmap.train.drafting import LOCALES


@dataclass(frozen=True)
class ShownBrief:
    """A brief in one language. ``legend`` says what the sign means, "" where nothing carries it."""

    html: SafeString
    legend: str
    language: str
    #: Each with what its ask is called in this language.
    quotes: list[tuple[BriefQuote, str]]


def language_here() -> str:
    """Return the language of a brief that whoever reads the page reads."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def shown(brief: Brief, language: str) -> ShownBrief:
    """Return ``brief`` in ``language``, in the other one where it says nothing in that."""
    language = language if brief.words(language) else _other(language)
    words = signed(brief.words(language), brief.draft(language))
    return ShownBrief(
        html=markdown.render(words),
        legend=legend() if MACHINE_SIGN in words else "",
        language=language,
        quotes=[(quote, ask_title(quote.ask, language)) for quote in quoted(brief)],
    )


def quoted(brief: Brief) -> list[BriefQuote]:
    """Return the sentences that ``brief`` quotes and that still stand so in a public post."""
    chosen = brief.quotes.filter(is_chosen=True).select_related("post__board", "ask")
    return [quote for quote in chosen if stands_in(quote.sentence, quote.post)]


def whole_text(brief: Brief, language: str, *, quotes: Sequence[BriefQuote] | None = None) -> str:
    """Return all of ``brief`` in ``language`` as Markdown: words with signs, quotes, what was noted, and the legend."""
    quotes = quoted(brief) if quotes is None else quotes
    with override(LOCALES[language]):
        words = signed(brief.words(language), brief.draft(language))
        parts = [words]
        if words and quotes:
            said = [f"> {escaped(one.sentence)}\n> — {_source(one, language)}" for one in quotes]
            parts.append("\n\n".join([f"# {_('In their words')}", *said]))
        if words:
            parts += [
                f"**{note.get_kind_display()}:** {escaped(' '.join(note.word.split()))}"
                for note in brief.notes.all()
            ]
        if MACHINE_SIGN in words:
            parts.append(legend())
    return "\n\n".join(part for part in parts if part)


def as_post(brief: Brief) -> tuple[str, str]:
    """Return the title and the body of ``brief`` as a post: both languages, one under the other."""
    written = [language for language in LANGUAGES if brief.words(language)]
    titles, bodies = [], []
    quotes = quoted(brief)
    for language in written:
        with override(LOCALES[language]):
            titles.append(brief.title)
        bodies.append(whole_text(brief, language, quotes=quotes))
    return " / ".join(titles), "\n\n---\n\n".join(bodies)


def for_reader(brief: Brief) -> str:
    """Return all of ``brief`` as Markdown for whoever reads it elsewhere, in the language in force, with whole addresses."""
    language = language_here()
    language = language if brief.words(language) else _other(language)
    return whole_text(brief, language).replace("](/", f"]({settings.BASE_URL}/")


def _source(quote: BriefQuote, language: str) -> str:
    """Return a link to the post that is quoted, by the ask it speaks for."""
    page = reverse("forum:post-detail", args=[quote.post.public_id])
    return link(ask_title(quote.ask, language), page)


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"
