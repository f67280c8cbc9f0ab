"""Whom a brief quotes: a sentence of a public post as it stands there, each for another ask, in two languages where there are two.

No rant, no address, number or name of anybody: only words that everyone may read again a year from now.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from feedback.accounts.models import Origin, Role, User
from feedback.asks.models import Ask
from feedback.briefs.drafting.gathering import Happened, posts_of
from feedback.briefs.models import LANGUAGES
from feedback.engine.describe.summaries import fit_to_quote
from feedback.engine.words.aside import telling_words
from feedback.forum.models import Post
from feedback.forum.queries import grouped_posts

#: Sentences that a person may choose from, asks beside those of the brief that are looked at, and posts read of each.
CANDIDATES, OTHER_ASKS, POSTS_READ = 8, 8, 20
#: Words that tell what a sentence is about: with fewer it says nothing by itself.
FEWEST_TELLING = 3
#: Letters of a sentence that reads well among others, from and to.
_WELL = {"zh": (12, 50), "": (45, 130)}

_RANT = re.compile(
    r"!{2,}|！{2,}|\?{2,}|？{2,}|(?-i:(?:\b[A-Z]{2,}\b\W+){3})|"
    r"\b(?:wtf|omg|crap|sh[i*]t\w*|f[u*]ck\w*|damn\w*|hell|stupid|idiot\w*|moron\w*|dumb|garbage|trash|rubbish|useless|worst|hate\w*|"
    r"pathetic|ridiculous|scam\w*|rip-?off|joke|terrible|awful|horrible|disgust\w*|sucks?|insult\w*|liars?|greedy|refund|sue|lawsuit|"
    r"uninstall\w*|disgrace\w*|shame\w*|insane|nonsense|bullsh\w*|worthless|incompetent)\b|"
    r"垃圾|傻|屎|妈的|他妈|滚|骗|坑|恶心|脑残|废物|狗|无语|破玩意|辣鸡|失望|差评|卸载|退款|气死|呵呵|去死|智障|要脸|恶劣|吐了|离谱|烂|气笑",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:my (?:name|address|phone|number|e-?mail|password|account (?:name|number)|doctor|boss|therapist|diagnosis|ex)|i am called|i live (?:in|at)|"
    r"years? old|diagnosed|pregnan\w*|divorce\w*|salary|mortgage|pension|husband|wife|widow\w*|coeliac|celiac|diabet\w*|cancer|"
    r"depress\w*|medication|late (?:husband|wife|mother|father))\b|老公|老婆|丈夫|妻子|过世|去世|确诊|我叫|我[在是].{0,6}(?:医院|公司|学校)|手机号|电话|身份证|住在|微信号|QQ号|密码|岁|病|怀孕|离婚|工资",
    re.IGNORECASE,
)
#: What a sentence that leans on another one begins with: alone it says nothing.
_LEANS = re.compile(
    r"^(?:(?:and|but|so|or|also|then|this|that|these|those|it|its|it's|they|he|she|which|because|same|ditto|yes|no|ok|thanks|thank|see|edit|"
    r"update|step|steps|expected|actual|version|device|instead|otherwise|still|even|plus|for example|e\.g)\b|"
    r"(?:但|而|而且|所以|因为|这|那|它|他|她|然后|另外|还有|同上|谢谢|也|又|比如|例如|否则|其实|步骤|版本|机型|不然|就))",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:i|i'd|i'm|we|my|our|me|want|wish|would|could|please|let|need)\b|我|想|希望|能不能|请|求|要是",
    re.I,
)
#: Measurements, labels and ways through menus are read by those who mend it.
_FIGURES = re.compile(r"\d\s*[%％]|[→>|]|^[^,，]{2,24}[:：]\s")
_WHOLE = re.compile(r"[.!?。！？]$")


@dataclass(frozen=True)
class Candidate:
    """A sentence that may be quoted, the post it stands in and the ask it speaks for."""

    post: Post
    ask: Ask
    sentence: str

    @property
    def language(self) -> str:
        return "zh" if self.post.language == "zh" else self.post.language


def candidates(happened: Happened) -> list[Candidate]:
    """Return the sentences to choose from, one an ask, those of the brief's own asks first."""
    asks = list(happened.asks)
    own = len(asks)
    week = posts_of(happened.product, happened.week)
    busy = (
        Ask.objects.public()
        .filter(memberships__post__in=week)
        .exclude(pk__in=[ask.pk for ask in asks])
        .distinct()
        .order_by("-people_count", "pk")
    )
    asks += busy[:OTHER_ASKS]
    found = []
    for number, ask in enumerate(asks):
        best = best_of(ask, week)
        if best is None and number < own:
            best = best_of(ask, grouped_posts(happened.product))
        if best is not None:
            found.append(best)
    return found[:CANDIDATES]


def chosen(found: Sequence[Candidate], *, most: int) -> list[Candidate]:
    """Return ``most`` of ``found``, the first ones; one in another language takes the last place where all are in one; pure."""
    taken = list(found[:most])
    languages = {one.language for one in taken}
    if len(languages) == 1 and len(taken) == most:
        other = next((one for one in found[most:] if one.language not in languages), None)
        if other is not None:
            taken[-1] = other
    return taken


def best_of(ask: Ask, posts: QuerySet[Post]) -> Candidate | None:
    """Return the best sentence to quote of those of ``posts`` that are in ``ask`` and by no one of the team; None without any."""
    read = list(
        posts.filter(
            membership__ask=ask, author__role=Role.MEMBER, author__part_role="", may_quote=True
        )
        .select_related("author")
        .order_by("-vote_count", "-posted_at", "pk")[:POSTS_READ]
    )
    names = _names_of(read)
    fit = [
        Candidate(post, ask, sentence)
        for post in read
        for sentence in fit_sentences(post, names=names)
    ]
    return max(fit, key=lambda one: (_worth(one), one.post.vote_count, -one.post.pk), default=None)


def fit_sentences(post: Post, *, names: Collection[str] = ()) -> Iterator[str]:
    """Yield the sentences of ``post`` that may be quoted; ``names`` of people stand in none."""
    for sentence in fit_to_quote(f"{post.title}\n{post.body}", post.language):
        if (
            stands_in(sentence, post)
            and not _RANT.search(sentence)
            and not _PERSONAL.search(sentence)
            and not _LEANS.search(sentence)
            and len(telling_words(sentence)) >= FEWEST_TELLING
            and not _is_named(sentence, names)
        ):
            yield sentence


def stands_in(sentence: str, post: Post) -> bool:
    """Whether ``sentence`` stands in the public words of ``post``, letter by letter, and its author agrees to be quoted."""
    if post.state != Post.State.PUBLISHED or not post.may_quote:
        return False
    return any(sentence in " ".join(words.split()) for words in (post.title, post.body))


def _worth(one: Candidate) -> float:
    """Return how well a sentence speaks for its ask: in its words, whole, of a good length, of somebody who wishes something."""
    subject = {
        word
        for title in (one.ask.title, *one.ask.titles.values(), *one.ask.keywords)
        for word in telling_words(str(title))
    }
    low, high = _WELL.get(one.language, _WELL[""])
    length = len(one.sentence)
    return (
        2.0 * (low <= length <= high)
        + 2.0 * bool(subject & telling_words(one.sentence))
        + 1.0 * (one.language in LANGUAGES)
        + 1.0 * (_WHOLE.search(one.sentence) is not None)
        + 1.0 * (_WISH.search(one.sentence) is not None)
        + 0.5 * (not one.sentence[0].islower())
        - 1.0 * (one.sentence == one.post.title)
        - 2.0 * (_FIGURES.search(one.sentence) is not None)
    )


def _names_of(posts: Iterable[Post]) -> set[str]:
    """Return the names of those who wrote ``posts``, and of the team."""
    team = User.objects.exclude(role=Role.MEMBER).exclude(origin=Origin.ANONYMOUS)
    names = {post.author.display_name for post in posts} | set(
        team.values_list("display_name", flat=True)
    )
    return {part for name in names for part in (name, *name.split()) if len(part) > 1}


def _is_named(sentence: str, names: Collection[str]) -> bool:
    return any(
        re.search(rf"\b{re.escape(name)}\b", sentence) if name.isascii() else name in sentence
        for name in names
    )
