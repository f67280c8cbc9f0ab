"""The letters with which languages go beyond a to z, and the encodings that carry them.

A text in one language uses the letters of that language: "şifre" does, "þifre" does not. That tells readings of the same bytes
apart where there are too few for statistics.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

#: Letters of each language beside a to z, in lower case.
LATIN = {
    "English": "éèêëïñçàâôöüæœ",
    "French": "àâæçéèêëîïôœùûüÿ",
    "German": "äöüßé",
    "Spanish": "áéíñóúü",
    "Portuguese": "àáâãçéêíóôõúü",
    "Italian": "àèéìíîòóùú",
    "Catalan": "àçèéíïòóúü",
    "Dutch": "áèéêëíïóöúü",
    "Swedish": "åäöéà",
    "Danish": "åæøéèó",
    "Icelandic": "áðéíóúýþæö",
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîşţșț",
    "Croatian": "čćđšž",
    "Turkish": "çğıiöşüâîû",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Estonian": "äõöüšž",
    "Vietnamese": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}
LETTERS = tuple(frozenset(letters) for letters in LATIN.values())

#: What may be read, in the order in which readings that are the same text are named: Python's codec and its name for people.
ENCODINGS: dict[str, Any] = {
    "cp1252": _("Windows-1252 (Western)"),
    "mac_roman": "Mac Roman",
    "gb18030": _("GB18030 (simplified Chinese)"),
    "cp950": _("Big5 (traditional Chinese)"),
    "big5hkscs": _("Big5-HKSCS (traditional Chinese)"),
    "cp932": _("Shift-JIS (Japanese)"),
    "euc_jp": _("EUC-JP (Japanese)"),
    "cp949": _("EUC-KR (Korean)"),
    "cp1251": _("Windows-1251 (Cyrillic)"),
    "koi8_r": _("KOI8-R (Russian)"),
    "koi8_u": _("KOI8-U (Ukrainian)"),
    "cp1250": _("Windows-1250 (Central European)"),
    "iso8859_2": _("ISO-8859-2 (Central European)"),
    "cp1254": _("Windows-1254 (Turkish)"),
    "cp1253": _("Windows-1253 (Greek)"),
    "cp1255": _("Windows-1255 (Hebrew)"),
    "cp1256": _("Windows-1256 (Arabic)"),
    "cp874": _("Windows-874 (Thai)"),
    "cp1257": _("Windows-1257 (Baltic)"),
}
#: How much likelier than others an encoding is before anything is read, and how much less likely.
PRIOR = {
    "cp1252": 1.35,
    "gb18030": 1.1,
    "iso8859_2": 0.8,
    "cp1257": 0.5,
    "koi8_u": 0.8,
    "big5hkscs": 0.9,
}
#: What they are called in `chardet`, where the name differs.
IN_CHARDET = {
    "cp950": "big5",
    "big5hkscs": "big5hkscs",
    "euc_jp": "euc-jp",
    "koi8_r": "koi8-r",
    "koi8_u": "koi8-u",
    "mac_roman": "mac-roman",
    "iso8859_2": "iso8859-2",
}
