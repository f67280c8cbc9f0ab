"""How well a clause would read as a title."""

import re
from collections.abc import Sequence

from feedback.engine.words.clauses import is_han
from feedback.engine.words.empty_words import SAYING_NOTHING

#: Characters of a good title.
SHORTEST, LONG = 12, 60
SHORTEST_HAN, LONG_HAN = 4, 22
#: A name of a thing has so many words, or Han characters, at most.
NAME, NAME_HAN = 3, 6

#: What only begins a sentence, so that a clause that is nothing else is half of one.
_HALF = re.compile(
    r"^(?:when|whenever|if|after|before|since|because|while|as|until|every ?time|each time|once|whereas|where|which|who|that|then|"
    r"than|even if|even though|except|due to|instead of|without|for|with|at|in|on|from|of|or|not only|the fact)\b(?!.*,)"
    r"|^(?:当|如果|因为|由于|虽然|自从|每次|每当|然后|而且|并且|所以|但|还有|以及|否则|导致|结果)",
    re.IGNORECASE,
)
_LEADS_UP = re.compile(
    r"^(?:a lot of (?:the )?times?|sometimes|most of the time|for some reason|to be honest|overall|personally)\b",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    r"\b(?:the|a|an|to|of|and|or|but|with|for|from|in|on|at|by|is|are|was|be|my|your|this|that|these|it|i|when|if|because|so|very|"
    r"not|can|will|would|than|about|into)$|(?:的|和|或|与|在|把|被|让|对|从|向|因为|如果|但|而|且|一|就|都|还|又|也)$|…$",
    re.IGNORECASE,
)
#: Who tells of themselves tells less of the product.
_TELLING = re.compile(
    r"\b(?:i|i'm|i've|i'd|i'll|my|me|we|our|you|your|guys|u)\b|[我你您咱]", re.IGNORECASE
)
_RANT = re.compile(
    r"\b(?:suck\w*|stupid|hate\w*|f+u+c*k\w*|shit\w*|crap\w*|damn|hell|wtf|omg|lol|idiot\w*|garbage|trash|ridiculous|pathetic|horrible|"
    r"screw\w*|god|damnit|dammit|trashy|buggy|terrible|worst|awful|annoy\w*|frustrat\w*|disappoint\w*|love|great|awesome|best|ever|seriously|literally|plz|pls|please|asap|"
    r"thanks?|sorry|ur|u|dont|cant|wont|im)\b|垃圾|恶心|傻|妈的|无语|气死|差劲|破|喜欢|很好|不错|谢谢|!|！|\*",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"^(?:it|this|that|they|these|those|he|she|same|here|there(?! is| are))\b|^(?:这|那|它|同样|一样)",
    re.IGNORECASE,
)
#: What says that something is, fails, or ought to be: a name of a thing alone says neither what is wrong nor what is wanted.
_SAYS = re.compile(
    r"\b(?:not|no|never|cannot|won'?t|don'?t|doesn'?t|didn'?t|isn'?t|aren'?t|wasn'?t|can'?t|couldn'?t|wouldn'?t|shouldn'?t|hasn'?t|haven'?t|nothing|"
    r"unable|fail\w*|break\w*|broke\w*|crash\w*|freez\w*|hang\w*|stop\w*|miss\w*|lose\w*|lost|disappear\w*|remov\w*|delet\w*|add\w*|allow\w*|bring|"
    r"fix\w*|make\w*|let\w*|support\w*|show\w*|hide\w*|open\w*|clos\w*|load\w*|play\w*|work\w*|keep\w*|chang\w*|need\w*|want\w*|should|must|can|could|will|"
    r"is|are|was|were|be|been|has|have|had|does|do|did|gets?|got|go(?:es)?|went|tak\w+|us(?:e|es|ed|ing)|turn\w*|switch\w*|select\w*|download\w*|upload\w*|"
    r"install\w*|updat(?:e[sd]|ing)|drain\w*|skip\w*|slow\w*|wrong|too|why|how|what|where|when|who|which|more|less|better|worse|instead|again|without|"
    r"problem\w*|ruin\w*|issue\w*|error\w*|erro|bugs?|glitch\w*|lag\w*|delay\w*|annoy\w*|empty|blank|black|grey|gray|invisible|incorrect\w*|invalid|duplicate\w*|"
    r"unavailable|unresponsive|inaccessible|inconsistent\w*|stuck|blurry|unexpected\w*|inappropriate|deprecated|terminat\w*|"
    r"no|não|nao|sin|pas|ne|kein\w*|nicht|не|нет|non)\b|n't\b"
    r"|[不没無无未勿别想帮给请求换找买查问用关还取存转多谁]|申请|推荐|设置|打开|失败|失效|报错|错误|卡|崩|退|闪|断|丢|乱|慢|坏|增|加|改|支持|希望|删|取消|恢复|怎|如何|什么|哪|吗|么|呢|多少|几|何时|为何|可以|能|要|需|应|是|有|会|让|太|过|只|了$|过$|？|\?",
    re.IGNORECASE,
)
#: An article after the first word has a verb before it: "Cancel a transaction".
_OBJECT = re.compile(
    r"^\S+ (?:\S+ )?(?:a|an|the|my|your|this|that|all|some|any|to)\b", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:a|an|the|my|your)\b", re.IGNORECASE)
_ODD = re.compile(r"https?:|www\.|@\w|[{}<>|\\^~=]|\d{5,}|(?:\b\w\b ){3,}")


def wording(
    text: str, tokens: Sequence[str], language: str = "en", *, is_wish: bool = False
) -> float:
    """Return how well ``text`` reads as a title: about -2 (a shout) to .3 (a whole, plain wish or fault).

    ``tokens`` are its words, in ``language``; it ``is_wish`` where "I want to" stood before it.
    """
    han = is_han(text)
    shortest, longest = (SHORTEST_HAN, LONG_HAN) if han else (SHORTEST, LONG)
    length = len(text)
    worth = 0.0
    telling = [word for word in tokens if word not in SAYING_NOTHING]
    if not telling:
        worth -= 1.0
    elif len(telling) == 1:
        worth -= 0.25
    if length < shortest:
        worth -= 0.4 * (1 - length / shortest)
    elif length > longest:
        worth -= min(0.4, 0.4 * (length - longest) / longest)
    if _HALF.search(text):
        worth -= 0.5
    if _LEADS_UP.search(text):
        worth -= 0.2
    if _UNFINISHED.search(text):
        worth -= 0.5
    if _POINTING.search(text):
        worth -= 0.3
    if _ODD.search(text):
        worth -= 0.5
    if (han or language == "en") and _is_name(text, han=han, is_wish=is_wish):
        worth -= 0.6
    worth -= 0.12 * min(len(_TELLING.findall(text)), 3)
    worth -= 0.25 * min(len(_RANT.findall(text)), 3)
    if text.isascii() and text == text.lower():
        worth -= 0.05
    return worth


def _is_name(text: str, *, han: bool, is_wish: bool) -> bool:
    """Whether ``text`` only names a thing ("Video speed"): short, without a word that says something, and no verb before an article."""
    if han:
        return len(text) <= NAME_HAN and not _SAYS.search(text)
    if is_wish and not _ARTICLE.match(text):
        return False
    said = text.split()
    return len(said) <= NAME and not _SAYS.search(text) and not _OBJECT.search(text)
