"""Whether a text says how somebody is reached elsewhere: a messenger's name with one of its own, a number, a mail address."""

import unicodedata

import regex

_MESSENGERS = (
    r"telegram|tele\s*gram|tg|whats\s?app|wasap|wsp|we\s?chat|weixin|signal|kik|skype|snap(?:chat)?|viber|imo|zalo|kakao(?:talk)?|line(?:\s?id)?|discord|insta(?:gram)?|wickr|"
    r"телеграм\w*|телег\w*|тг|ватсап\w*|вотсап\w*|вацап|카톡|텔레그램|텔레|ライン|电报|飞机"
)
_HANDLE = regex.compile(
    rf"(?<![\w.])(?:{_MESSENGERS})(?!\w)[^\w\n@+]{{0,4}}(?:(?:id|me|us|at|on|is|no|number|频道|搜)(?!\w)[^\w\n@+]{{0,4}})*(?:@\w[\w.]{{2,}}|\+?\d[\d\s().-]{{6,}}\d|(?=\w*[\d_])\w[\w.-]{{3,}})"
    r"|(?:微\s*信|薇\s*信|威\s*信|微\s*❤|薇\s*芯|徽\s*信|v\s*信|嶶\s*信|(?<![a-z])(?:v\s*x|w\s*x|w\s*e\s*i\s*x\s*i\s*n)|[薇溦]|加\s*[薇威徽溦]|[\+➕]\s*[薇威徽溦微])(?:\s*号)?\s*[:：﹕=-]?\s*[a-z][a-z0-9_-]{4,}"
    r"|(?<![a-z])[v微](?:\s?信)?\s?[:：﹕]\s?[a-z][a-z0-9_-]{4,}"
    r"|(?:(?<![a-z])q\s*q|扣\s*扣|[\+➕]\s*扣|扣(?=\d)|企\s*鹅|秋\s*秋|加\s*q|[\+➕]\s*q|(?<![a-z])q(?=\s?\d{4})|q\s*群|群\s*号|裙\s*号|球\s*球)(?:\s*[号群裙])?\s*[:：﹕=-]?\s*\d[\d\s]{4,}"
    r"|t\.me/\w+|wa\.me/\d+|discord\.gg/\w+",
    regex.IGNORECASE,
)
#: Looked for from the first letter of a run alone: from each letter of a long text without spaces it would take half a minute.
_MAIL = regex.compile(
    r"(?<![\w.+-])[\w.+-]{2,64}\s{0,3}(?:@|\(at\)|\[at\])\s{0,3}[\w-]{2,64}\s{0,3}(?:\.|\(dot\))\s{0,3}[a-z]{2,}",
    regex.IGNORECASE,
)
_NUMBER = regex.compile(
    r"(?<![\w.])\+\s?\d[\d\s().-]{7,}\d|(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)|\(?(?<!\d)\d{3,4}\)?[\s.-]\d{3,4}[\s.-]\d{3,4}(?!\d)"
)


def reaches(text: str) -> bool:
    """Whether ``text`` says how somebody is reached elsewhere."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return any(one.search(plain) is not None for one in (_HANDLE, _MAIL, _NUMBER))
