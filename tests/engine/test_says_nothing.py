"""Which groups are no ask, by the words they share."""

import pytest

from feedback.engine.data.boilerplate import says_nothing


@pytest.mark.parametrize(
    "keywords",
    [
        ("best", "great", "good", "love"),
        ("love", "youtube", "much", "great"),
        ("absolute", "terrible", "bad", "garbage"),
        ("好用", "不错", "喜欢"),
    ],
)
def test_praise_and_scolding_are_no_ask(keywords):
    assert says_nothing(keywords)


@pytest.mark.parametrize(
    "keywords",
    [
        ("ad", "many", "much", "good"),
        ("work", "doesn't", "update", "nothing"),
        ("work", "youtube", "update", "try"),
        ("update", "good", "wasn't", "better"),
        ("watch", "love", "update", "favourite"),
        ("更新", "系统", "使用", "手机"),
        ("good", "great"),
        (),
    ],
)
def test_what_common_words_say_of_a_fault_is_an_ask(keywords):
    assert not says_nothing(keywords)
