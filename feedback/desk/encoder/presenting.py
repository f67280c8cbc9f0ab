"""The encoders of a site, ready for the desk: in force, tried, kept, and what else there is."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from feedback.asks.models import Ask
from feedback.forum.models import Post
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import Comparison, EncoderModel
from feedback.grouping.trial import compare
from feedback.grouping.trial.switch_model import vector_count
from feedback.grouping.vectors.embedding import missing_count
from feedback.grouping.vectors.encoders import (
    EncoderDown,
    client_of,
    configured_keys,
    current_model,
    name_of,
)
from feedback.ui.language_names import language_name

#: Seconds that the page waits to hear whether the model in force answers.
PATIENCE = 0.7
#: Fewer decisions than this tell little about which of two models is better.
ENOUGH_DECISIONS = 30
#: Bytes of one number of a vector (`EmbeddingField` keeps half precision).
BYTES = 2


@dataclass(frozen=True)
class Offered:
    """An encoder that comes with Heed. ``speed``: posts a second on one core of a usual server."""

    name: str
    good_at: Promise
    speed: int


#: Measured on reviews and short Chinese questions of the sample and test sets, one thread.
OFFERED = (
    Offered(
        "fused-minilm",
        gettext_lazy("Chinese and English; three models, the best in English."),
        130,
    ),
    Offered("fused", gettext_lazy("Chinese and English; two models."), 140),
    Offered("use", gettext_lazy("Chinese and English; small, and by far the fastest."), 500),
    Offered("e5", gettext_lazy("Chinese and English; one model, thorough."), 200),
    Offered("minilm", gettext_lazy("English alone."), 400),
    Offered(
        "hashing", gettext_lazy("No model: it sees the same words, not the same meaning."), 12_000
    ),
)


@dataclass(frozen=True)
class ShownModel:
    """One model of this site."""

    pk: int
    name: str
    key: str
    dims: int
    texts: int
    megabytes: int
    since: dt.datetime
    chosen_by: str
    set_aside_at: dt.datetime | None
    set_aside_by: str
    trouble: str = ""


@dataclass(frozen=True)
class ShownMove:
    """What would happen to one post; ``origin`` and ``target`` are titles, or that there is no ask."""

    post: Post
    origin: str
    target: str
    note: str


@dataclass(frozen=True)
class ShownChange:
    """What would happen to one ask; ``ask`` is None for one that would be new."""

    ask: Ask | None
    title: str
    fate: str
    counts: list[str]
    moves: list[ShownMove]
    more: int


@dataclass
class Encoders:
    """The page. ``state`` of the trial: "", UNSEEN, READING, COMPARING, READY, FAILED or SET_ASIDE."""

    current: ShownModel | None
    posts: int
    tried: ShownModel | None = None
    named: str = ""
    state: str = ""
    read: int = 0
    comparison: Comparison | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    changes: list[ShownChange] = field(default_factory=list)
    kept: list[ShownModel] = field(default_factory=list)

    @property
    def is_moving(self) -> bool:
        """Whether the page should look again by itself."""
        return self.state in ("READING", "COMPARING", "UNSEEN")

    @property
    def happening(self) -> int:
        """Posts whose ask would change without anybody doing anything."""
        return sum(int(self.figures.get(name, 0)) for name in ("moved", "entered", "left"))

    @property
    def agreement_now(self) -> float | None:
        """Share of the decisions that the model in force gets right by itself."""
        return self._agreement("today")

    @property
    def agreement_then(self) -> float | None:
        """The same of the model that is tried."""
        return self._agreement("tomorrow")

    def _agreement(self, whose: str) -> float | None:
        found = self.figures.get("agreement", {})
        return found[whose] / found["decisions"] if found else None

    @property
    def decided_words(self) -> list[str]:
        """Which of the confirmed asks that are touched somebody has been told of already."""
        found = self.figures.get("decided", {})
        sentences = (
            ("answered", ngettext_lazy("%(n)s answered", "%(n)s answered", "n")),
            ("adopted", ngettext_lazy("%(n)s on the roadmap", "%(n)s on the roadmap", "n")),
            ("shipped", ngettext_lazy("%(n)s shipped", "%(n)s shipped", "n")),
        )
        return [str(words % {"n": found[name]}) for name, words in sentences if found.get(name)]

    @property
    def by_kind(self) -> list[dict[str, Any]]:
        """How much of each kind of decision the two get right by themselves, and whom that kind favours."""
        words = {
            "CONFIRMED": (
                ngettext_lazy("%(n)s ask you confirmed", "%(n)s asks you confirmed", "n"),
                _("favours the model that proposed them"),
            ),
            "CORRECTED": (
                ngettext_lazy("%(n)s post you put right", "%(n)s posts you put right", "n"),
                _("favours the model that was not in force then"),
            ),
            "ANSWERED": (
                ngettext_lazy(
                    "%(n)s pair you called the same or not",
                    "%(n)s pairs you called the same or not",
                    "n",
                ),
                _("fair to both"),
            ),
        }
        kinds = self.figures.get("agreement", {}).get("kinds", {})
        return [
            {
                "label": words[kind][0] % {"n": int(n)},
                "note": words[kind][1],
                "now": today / n,
                "then": tomorrow / n,
            }
            for kind in words
            if kind in kinds
            for n, today, tomorrow in [kinds[kind]]
        ]

    @property
    def by_language(self) -> list[dict[str, Any]]:
        """The figures of each language, with its name."""
        return [
            row | {"label": language_name(code)}
            for code, row in self.figures.get("languages", {}).items()
        ]

    @property
    def has_few_decisions(self) -> bool:
        return 0 < int(self.figures.get("agreement", {}).get("decisions", 0)) < ENOUGH_DECISIONS


@dataclass(frozen=True)
class EncoderNote:
    """What the head of the desk says of encoders: ``down`` and ``tried`` are names, "" when there is nothing to say."""

    down: str
    tried: str


def encoder_note(*, waiting: int) -> EncoderNote | None:
    """Return whether a model waits for a decision, and, while posts are ``waiting``, whether theirs does not answer."""
    current = current_model() if waiting else None
    found = compare.unfinished()
    down = name_of(current) if current is not None and _trouble(current) else ""
    tried = name_of(found.candidate) if found is not None else ""
    return EncoderNote(down, tried) if down or tried else None


def encoders() -> Encoders:
    """Return what this site reads with and what is tried; asks the encoder whether it answers."""
    current = current_model()
    page = Encoders(
        current=_shown(current, trouble=_trouble(current)) if current else None,
        posts=grouped_posts().count(),
        named=settings.ENCODER,
    )
    if current is None:
        return page
    keys = configured_keys()
    named = None
    if current.model_key not in keys:
        named = EncoderModel.objects.filter(model_key__in=keys).order_by("-pk").first()
        page.state = "UNSEEN"
    if named is not None:
        _show_trial(page, current, named)
    page.kept = [
        shown
        for model in EncoderModel.objects.filter(is_current=False, removed_at__isnull=True)
        .exclude(pk=named.pk if named is not None and page.state != "SET_ASIDE" else 0)
        .order_by("-pk")
        if (shown := _shown(model)).texts
    ]
    return page


def _show_trial(page: Encoders, current: EncoderModel, named: EncoderModel) -> None:
    page.tried = _shown(named)
    if named.set_aside_at or named.removed_at:
        page.state = "SET_ASIDE"
        return
    comparison = compare.latest(current, named)
    if comparison is not None and comparison.state == Comparison.State.READY:
        page.state, page.comparison = "READY", comparison
        page.figures = comparison.figures
        page.changes = _shown_changes(comparison)
        return
    missing = missing_count(named.model_key)
    if missing:
        page.state, page.read = "READING", page.posts - missing
    elif comparison is not None and comparison.state == Comparison.State.FAILED:
        page.state, page.comparison = "FAILED", comparison
    else:
        page.state = "COMPARING"


def _trouble(model: EncoderModel) -> str:
    """Return why ``model`` cannot be asked now, or ""."""
    try:
        client_of(model).health(timeout=PATIENCE)
    except EncoderDown as reason:
        return "" if reason.loading else str(reason)
    return ""


def _shown(model: EncoderModel, *, trouble: str = "") -> ShownModel:
    texts = vector_count(model)
    return ShownModel(
        pk=model.pk,
        name=name_of(model),
        key=model.model_key,
        dims=model.dims,
        texts=texts,
        megabytes=max(1, round(texts * model.dims * BYTES / 1e6)) if texts else 0,
        since=model.chosen_at or model.first_seen_at,
        chosen_by=model.chosen_by.name if model.chosen_by else "",
        set_aside_at=model.set_aside_at,
        set_aside_by=model.set_aside_by.name if model.set_aside_by else "",
        trouble=trouble,
    )


def _shown_changes(comparison: Comparison) -> list[ShownChange]:
    """Return the asks that change with the titles they have now; posts that are gone since are left out."""
    rows = comparison.changes
    asks = {
        ask.public_id: ask
        for ask in Ask.objects.filter(
            public_id__in={key for row in rows for key in _keys_in(row) if key}
        )
    }
    posts = {
        post.public_id: post
        for post in Post.objects.filter(
            public_id__in={one["post"] for row in rows for one in row["posts"]},
            state=Post.State.PUBLISHED,
        )
    }
    titles: dict[str, str] = comparison.figures.get("titles", {})

    def title(key: str) -> str:
        if not key:
            return _("no ask")
        return asks[key].title if key in asks else titles.get(key, _("a new ask"))

    return [
        ShownChange(
            ask=asks.get(row["ask"]),
            title=title(row["key"]),
            fate=_fate(row["fate"], title(row["other"])),
            counts=_counts(row),
            moves=[
                ShownMove(
                    posts[one["post"]], title(one["from"]), title(one["to"]), _note(one["how"])
                )
                for one in row["posts"]
                if one["post"] in posts
            ],
            more=row["more"],
        )
        for row in rows
    ]


def _keys_in(row: dict[str, Any]) -> set[str]:
    return {row["key"], row["other"], *(one[end] for one in row["posts"] for end in ("from", "to"))}


def _fate(fate: str, other: str) -> str:
    match fate:
        case "NEW":
            return _("A new ask")
        case "SPLIT":
            return _("A new ask, broken off from “%s”") % other
        case "JOINED":
            return _("Would go into “%s”") % other
        case "GONE":
            return _("Would be no ask any more")
    return ""


def _counts(row: dict[str, Any]) -> list[str]:
    n = row["comes"], row["goes"], row["offered"], row["otherwise"]
    sentences = (
        ngettext("%(n)d post comes", "%(n)d posts come", n[0]),
        ngettext("%(n)d post goes", "%(n)d posts go", n[1]),
        ngettext("%(n)d would stand nearer elsewhere", "%(n)d would stand nearer elsewhere", n[2]),
        ngettext("%(n)d confirmed post stays", "%(n)d confirmed posts stay", n[3]),
    )
    return [words % {"n": count} for words, count in zip(sentences, n, strict=True) if count]


def _note(how: str) -> str:
    """Return what an arrow from ask to ask does not say."""
    match how:
        case "OFFERED":
            return _("nearer there, but stays")
    return ""
