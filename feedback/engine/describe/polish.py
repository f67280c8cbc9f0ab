"""A clause as a title: without greeting, begging, emoji and the product's name; in sentence case, and whole."""

import re
from collections.abc import Collection

from feedback.engine.words.clauses import is_han

#: Characters of a title at most; a Han character says what two or three others do.
LONGEST, LONGEST_HAN = 90, 36

_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U000e0020-\U000e007f]+"
)
_KAOMOJI = re.compile(r"[(（][^\w()（）]{2,}[)）]|[:;=]-?[)(DPp]+(?=\s|$)|[_^]{2,}|:'\(")
_GREETING = re.compile(
    r"^(?:(?:hi+|hello|hey+|dear|good (?:morning|day|evening|afternoon)|greetings|yo)\b(?:[ ,]+(?:there|all|everyone|everybody|team|"
    r"guys|folks|devs?|developers?|support|sir|madam|friends?))*\s*[,.!:：，。！~-]*\s*"
    r"|(?:你好|您好|大家好|各位好|亲爱的|亲们?|官方|小编|开发者|客服)(?:你好|您好|大大|大佬|们|啊|呀)*\s*[,.!:：，。！~]+\s*"
    r"|(?:hola|bonjour|hallo|olá|ciao|привет|здравствуйте|こんにちは|안녕하세요)\b\s*[,.!:、。]*\s*)+",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^(?:(?:and|so|also|but|then|ok|okay|well|btw|plus|anyway|actually|basically|honestly|seriously|oh|ugh|omg|wow|um+|like)\b[ ,]+"
    r"|(?:(?:so )?(?:please|pls|plz|plss+|pleas|kindly|just)(?![a-z-])|(?:feature |feedback|bug )?(?:request|suggestion|report|feedback|bug|idea|issue)\s*[:：-])[ ,:：]*"
    r"|(?:can|could|would|will) (?:you|u|we|i|someone)(?: guys| all)? (?:please |pls |plz |also |maybe |have |get )*"
    r"|(?:i|we) (?:really |just |also |would |'?d )*(?:want|need|wish|hope|like|love|suggest|request)(?: you| u)?(?: guys)?(?: that| for| to (?:have|see|get|be able to)| to)? "
    r"|i(?:'d| would) (?:really )?(?:like|love)(?: it if| to (?:have|see|get|be able to)| to)? "
    r"|it (?:would|'d|will) be (?:so |really |very )?(?:nice|great|good|cool|awesome|helpful|better|useful|amazing|perfect)(?: if| to have| to)? "
    r"|(?:if )?(?:i|we|you|u) (?:could|can|were able to)(?: please)?(?: have)? |if there (?:was|were|is|could be) |help(?: me)?(?: please| pls)?[,! ]+"
    r"|there (?:should|needs to|could|must) be |let(?:'s)? (?:me|us|people|users) (?:be able to )?"
    r"|(?:how about|why not|what about) "
    r"|(?:非常|强烈|真心)?(?:希望|建议|恳请|麻烦|拜托|求求?|跪求|请求|恳求|期待|期望)(?:官方|你们|贵司|开发者|团队|尽快|尽早|能够|能|可以|后续|以后|下个版本|早日)*[，, ]*(?=[\u3400-\u9fff])"
    r"|让(?:我们|我|用户|大家)(?:能够?|可以)?|(?:请|能不能|能否|可不可以|可否|是否可以|是否能)(?:你们|官方|尽快|尽早)*)",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:[ ,，。.!！]*(?:(?<![a-z])(?:please|pls|plz|plss+|thanks?(?: you| u)?(?: in advance)?|thx|ty|asap|guys|lol|smh|wtf|omg|ok|now|"
    r"please fix(?: (?:it|this|that))?(?: (?:asap|soon|now))?|(?:pls|plz) fix(?: (?:it|this))?|fix (?:it|this))|"
    r"谢谢(?:了|啦|大家)?|感谢|多谢|拜托了?|求求了))+[ .!！。~～]*$",
    re.IGNORECASE,
)
_TURNING = re.compile(
    r"(?<=\w)[ ,]+(?:but|and|so|because|or|when|if)$|(?:但是|不过|可是|而且|因为)$", re.IGNORECASE
)
_REPEATED = re.compile(r"([!?！？。.,，~～])\1+")
_SPACE_BEFORE = re.compile(r"\s+([,.!?;:，。！？；：…)])|(?<=[(])\s+")
_LONE_I = re.compile(r"\bi(?=$|[\s',.!?]|’)")
_QUOTES = (
    ("(", ")"),
    ("（", "）"),
    ("“", "”"),
    ("「", "」"),
    ("《", "》"),
    ("[", "]"),
    ("【", "】"),
)
#: Characters at the end of a clause in which begging stands.
_TAIL = 60
_EDGES = " .,;:!。，；：！、~～-–—…*#>\"'|/"


def polish(clause: str, names: Collection[str] = ()) -> str:
    """Return ``clause`` as a title, "" when nothing of it is left; ``names`` are what the product is called."""
    said = clause if clause.isascii() else _EMOJI.sub(" ", clause)
    said = _KAOMOJI.sub(" ", said)
    said = _SPACE_BEFORE.sub(r"\1", _REPEATED.sub(r"\1", " ".join(said.split())))
    before, begs = "", False
    while said != before:
        before = said
        said = _without_names(said.lstrip(_EDGES), names)
        said = _GREETING.sub("", said)
        asked = _ASKING.sub("", said)
        begs = begs or asked != said
        said = asked
        said = said[:-_TAIL] + _TRAILING.sub("", said[-_TAIL:])
    said = said.rstrip(_EDGES + "?？" if begs else _EDGES)
    said = _balanced(_TURNING.sub("", said))
    if not re.search(r"\w", said):
        return ""
    return _sentence_case(said)


def fits(title: str) -> bool:
    """Tell whether ``title`` is short enough to stand as it is."""
    return len(title) <= (LONGEST_HAN if is_han(title) else LONGEST)


def shortened(title: str) -> str:
    """Return ``title`` cut at a word, where a post says nothing shorter."""
    if fits(title):
        return title
    limit = LONGEST_HAN if is_han(title) else LONGEST
    cut = title[: limit - 1]
    if not is_han(title) and " " in cut[40:]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(_EDGES) + "…"


def _without_names(said: str, names: Collection[str]) -> str:
    """Return ``said`` without the product's name before or after it, where it only calls."""
    for name in names:
        if name.casefold() not in said.casefold():
            continue
        called = re.escape(name)
        said = re.sub(
            rf"^{called}\b(?:\s*[,!:.，！：]+\s*|\s+(?=please|pls|plz|fix|bring|can you|add|you )|\s*(?=[请能希]))",
            "",
            said,
            flags=re.IGNORECASE,
        )
        said = re.sub(rf"[\s,，!]+{called}\s*[.!?！。]*$", "", said, flags=re.IGNORECASE) or said
    return said


def _balanced(said: str) -> str:
    for opening, closing in _QUOTES:
        if said.count(opening) != said.count(closing):
            said = said.replace(opening, " ").replace(closing, " ")
    if said.count('"') % 2:
        said = said.replace('"', " ")
    return " ".join(said.split())


def _sentence_case(said: str) -> str:
    letters = [ch for ch in said if ch.isalpha() and ch.isascii()]
    if len(letters) > 6 and sum(ch.isupper() for ch in letters) > 0.7 * len(letters):
        said = said.lower()
    said = _LONE_I.sub("I", said)
    first = next((at for at, ch in enumerate(said) if ch.isalnum()), 0)
    word = said[first:].split(" ", 1)[0]
    if word[:1].islower() and word.islower():
        said = said[:first] + said[first].upper() + said[first + 1 :]
    return said
