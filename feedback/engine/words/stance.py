"""Which way a wish points: more of something (add, show, on, wider, keep) or less of it (remove, hide, off, narrower).

Sentence vectors see what a wish is about, and hardly that its opposite is about the same. Two witnesses are heard: the words
that direct ("do not remove" points the other way than "remove"), and a direction in the vectors learned from pairs of
opposite sentences (`examples/stance.txt`), which knows other ways to say it and other languages. What reports a fault
points nowhere.
"""

import re
from functools import cache
from importlib.resources import files

import numpy as np

from feedback.engine.data.corpus import Doubles, Ints

_MORE = (
    r"add|bring(?:ing)? (?:\w+ ){0,4}?back|put (?:\w+ ){0,5}?back|give (?:\w+ ){0,4}?back|restore|reinstate|keep|show|display|enable|"
    r"activate|allow|permit|introduce|include|(?:turn|switch)(?:ed|ing)? (?:\w+ ){0,4}?on|be on|increase|raise|extend|enlarge|"
    r"leave (?:\w+ ){0,4}?in|more|bigger|larger|wider|longer|taller|higher|louder|brighter|faster|stronger|speed up|mandatory|visible|active|"
    r"required|force|aña\w+|agreg\w+|mostrar|muestr\w+|activ[ae]\w*|ajout\w+|affich\w+|remett\w+|activé|hinzu\w*|zeig\w*|"
    r"einschalt\w*|aktivier\w*|добав\w+|верн\w+|покаж\w+|включи\w+|adicion\w+|mostr\w+"
)
_LESS = (
    r"remove|delete|drop|hide|disable|deactivate|get(?:ting)? rid|take (?:\w+ ){0,4}?(?:out|away|off)|throw (?:\w+ ){0,4}?(?:out|away)|"
    r"(?:turn|switch)(?:ed|ing)? (?:\w+ ){0,4}?off|be off|stop|reduce|decrease|shrink|cut|forbid|forbidden|ban|prohibit|scrap|"
    r"kill|abolish|less|fewer|smaller|narrower|shorter|lower|quieter|dimmer|slower|slow (?:\w+ ){0,3}?down|optional|invisible|inactive|"
    r"quit[ea]\w*|elimin\w+|ocult\w+|desactiv\w+|enlev\w+|supprim\w+|retire\w+|désactiv\w+|masqu\w+|entfern\w*|ausschalt\w*|"
    r"deaktivier\w*|lösch\w*|убер\w+|удали\w+|скройте|отключи\w+|remov\w+"
)
#: What wants something or does not, unless another word says that it is more or less; so does what is too large or small.
_WEAK = r"(?:want|need|would like|i'd like|i'd love|would love)(?! to)|(?:want|like|love) to (?:see|have|keep)|let"
_NO = r"do not|don't|dont|never|not|shouldn't|should not|nobody|no one|without|no|ne|nicht|kein\w*|не|não"
#: A "no" that directs by itself, where a sentence begins or a wish does.
_REFUSED = re.compile(
    r"(?:^|[.!,:;]\s*|please |pls )(?:no|don't|do not|never)\s|i (?:do not|don't) want|不要|不想|希望(?:不再|没有)|别再|いらない"
)
_LARGE = r"big|large|wide|long|high|loud|bright|fast|many|much|often|strong|tall"
_SMALL = r"small|little|narrow|short|low|quiet|dim|slow|few|rarely|weak|tiny"
_LATIN = re.compile(
    rf"\b(?:(?P<too>too (?:\w+ )?(?:(?P<large>{_LARGE})|(?P<small>{_SMALL})))|(?P<no>{_NO})|(?P<less>{_LESS})|(?P<more>{_MORE})|(?P<weak>{_WEAK}))\b",
)
_HAN = re.compile(
    r"(?P<too>[太过](?:于|分)?(?:(?P<large>[大宽长高响亮快多频]|刺眼|吵)|(?P<small>[小窄短低暗慢少轻]))|不够(?P<lacks>[大宽长高响亮快多]))"
    r"|(?P<ask>能不能|可不可以|是不是|要不要|有没有|会不会|好不好)"
    r"|(?P<no>不要|不想|不用|不需要|不必|不能|不该|不应|不再|没必要|别(?!人)|勿|没有)"
    r"|(?P<less>去掉|去除|删除|删掉|删了|取消|隐藏|关闭|关掉|禁止|禁用|停用|移除|拿掉|撤掉|撤销|砍掉|屏蔽|减少|降低|缩小|缩短|"
    r"调小|调低|调暗|[小窄短低暗慢少轻](?:一)?[点些]|更[小窄短低暗慢少]|削除|消して|なくして|非表示|オフに|삭제|없애|꺼|숨겨)"
    r"|(?P<more>增加|添加|加上|加入|加个|加一个|新增|恢复|放回|还回|还给|用回|保留|显示|打开|开启|启用|允许|支持|提高|放大|延长|"
    r"调大|调高|调亮|[大宽长高响亮快多](?:一)?[点些]|更[大宽长高响亮快多]|追加|表示して|増や|オンに|추가|켜|보여)"
    r"|(?P<weak>想要|需要|希望(?:能|可以)?(?:看到|有)|求(?![助救教证和]))"
)
_FAULT = re.compile(
    r"\b(?:can't|cannot|cant|can not|couldn't|unable|won't|wont|doesn't|doesnt|does not|didn't|did not|will not|isn't|is not|"
    r"aren't|are not|fails?|failed|crash(?:es|ed|ing)?|freez(?:es?|ing)|froze|hangs|stuck|no longer \w+s|no more$)\b|^(?:how|why|where|when|what|which|who)\b|无法|不了|闪退|崩溃|卡死|死机|打不开|怎么|为什么|如何|哪里"
)
#: What a word that directs weighs beside the vector's direction, which counts up to `_MOST`.
_DIRECTS, _MOST = 0.5, 0.6
#: Words that a "not" reaches.
_REACH = 30


def directed(text: str) -> int:
    """Return 1 when the words of ``text`` direct to more, -1 to less, 0 when they do neither or both."""
    said = text[:300].replace("’", "'").lower()
    if _FAULT.search(said):
        return 0
    total = weakly = 0
    for pattern in (_LATIN, _HAN):
        turned = -1
        for found in pattern.finditer(said):
            if found.groupdict().get("ask"):
                continue
            if found["no"]:
                turned = found.end()
                continue
            more = (
                found["more"] or found["small"] or found["weak"] or found.groupdict().get("lacks")
            )
            sign = 1 if more else -1
            if found["too"] is None and turned >= 0 and found.start() - turned <= _REACH:
                sign, turned = -sign, -1
            if found["weak"] or found["too"]:
                weakly += sign
            else:
                total += sign
    total = total or (-1 if _REFUSED.search(said) else weakly)
    return (total > 0) - (total < 0)


@cache
def opposites() -> tuple[tuple[str, float], ...]:
    """Return (sentence, 1.0 for more or -1.0 for less) of every example."""
    found = []
    sign = 1.0
    text = (files(__package__) / "examples" / "stance.txt").read_text(encoding="utf-8")
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("# "):
            sign = 1.0 if line == "# more" else -1.0
        else:
            found.append((line, sign))
    return tuple(found)


def stances(words: Ints, pointing: Doubles) -> Doubles:
    """Return which way posts point (n,): from about -1.1 (less) to 1.1 (more).

    ``words`` (n,) is what their words say (`directed`), ``pointing`` (n,) what their vectors do (`Speech.pointing`).
    """
    out: Doubles = np.asarray(_DIRECTS * words + np.clip(pointing, -_MOST, _MOST), dtype=np.float64)
    return out
