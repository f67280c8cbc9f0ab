"""Words of phone users are embedded as plain ones that the encoders know."""

import pytest

from feedback.encoder.models.base import Encoder, prepare
from feedback.encoder.models.plain_words import in_plain_words


def test_a_word_that_encoders_hardly_know_is_said_plainly() -> None:
    assert prepare("一打开就闪退") == "一打开就崩溃"
    assert prepare("登不上去了") == "无法登录了"


@pytest.mark.parametrize(
    "text", ["记录屏幕", "消耗电池", "当机立断", "一张银行卡", "this app crashes", ""]
)
def test_other_words_stay(text: str) -> None:
    assert in_plain_words(text) == text


def test_what_is_said_plainly_does_not_change_again() -> None:
    once = in_plain_words("闪退 死机 续航 耗电 掉线 乱码 录屏 当机 没声音")
    assert in_plain_words(once) == once


def test_chinese_is_read_in_simplified_letters_and_japanese_as_it_is_written(
    use: Encoder,
) -> None:
    assert prepare("開機之後總是當機，耗電又發燙") == "开机之后总是冻结，消耗电池又过热"
    assert prepare("電源を入れても起動しない") == "電源を入れても起動しない"
    rows = use.encode(["希望能夠關閉自動播放", "希望能够关闭自动播放"])
    assert float(rows[0] @ rows[1]) > 0.999


@pytest.mark.parametrize(
    ("chinese", "english", "other"),
    [
        ("一打开就闪退", "crashes as soon as I open it", "the photos are blurry"),
        ("老是死机", "it freezes all the time", "please add stickers"),
        ("续航不行", "battery life is bad", "too many ads"),
        ("總是當機", "it freezes all the time", "please add stickers"),
    ],
)
def test_the_english_that_says_the_same_is_near(
    use: Encoder, chinese: str, english: str, other: str
) -> None:
    rows = use.encode([chinese, english, other])
    assert float(rows[0] @ rows[1]) > 0.4
    assert float(rows[0] @ rows[1]) > float(rows[0] @ rows[2]) + 0.1
