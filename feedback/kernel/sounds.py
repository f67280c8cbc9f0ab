"""How Chinese sounds, so that 登路 finds 登录: a slip of somebody who types by sound.

The readings come from pypinyin's table of characters. Its own code is not imported: that reads 47,000 phrases too,
which would cost every process 57 MB.
"""

import json
import re
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path

#: Readings of a character that are kept: its most frequent ones.
_READINGS = 2
_COMMON = range(0x4E00, 0x9FA6)
#: What half the country does not tell apart: zh and z, ch and c, sh and s, and n and ng at the end.
_BLURRED = (re.compile(r"([zcs])h"), re.compile(r"(?<=[aei])ng"))


def blurred(pinyin: str) -> str:
    """Return ``pinyin``, without tones, as it is compared: "denglu" gives "denlu"."""
    for sound, kept in zip(_BLURRED, (r"\1", "n"), strict=True):
        pinyin = sound.sub(kept, pinyin)
    return pinyin


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    """Return the readings of each common character, as they are written: "dà,dài"."""
    found = find_spec("pypinyin")
    if (
        found is None or found.origin is None
    ):  # it is a dependency; only a broken installation lacks it
        raise ModuleNotFoundError("pypinyin is not installed; install Heed's requirements again.")
    written = json.loads((Path(found.origin).parent / "pinyin_dict.json").read_text("utf-8"))
    return {chr(int(code)): said for code, said in written.items() if int(code) in _COMMON}


@lru_cache(maxsize=4_096)
def _readings_of(character: str) -> tuple[str, ...]:
    said = _table().get(character, "")
    plain = [_plain(reading) for reading in said.split(",")] if said else []
    return tuple(dict.fromkeys(plain))[:_READINGS]


def _plain(reading: str) -> str:
    letters = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    return blurred("".join(one for one in letters if one.isascii()))


@lru_cache(maxsize=65_536)
def sounds_of(characters: str) -> tuple[str, ...]:
    """Return how ``characters``, simplified ones, may sound: 登录 gives ("denlu",), 银行 ("yinxin", "yinhan").

    Nothing when one of them is no Chinese character or a rare one.
    """
    readings = [_readings_of(one) for one in characters]
    return tuple(dict.fromkeys("".join(one) for one in product(*readings)))
