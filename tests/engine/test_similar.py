"""Finding on little boards: by word where meaning blurs, across slips, and inside Chinese sentences."""

from functools import cache

import pytest

from feedback.encoder.models.registry import EncoderUnavailable, load_encoder
from feedback.engine import Corpus, Similar

POSTS = {
    "export": "Export the monthly report as a spreadsheet",
    "dark": "Please add a dark theme for the evening",
    "kubernetes": "Deploying on Kubernetes loses the uploaded pictures",
    "pihole": "Block trackers the way Pi-hole does",
    "3.2.1": "The app crashes at start since 3.2.1",
    "3.1.0": "The app crashes at start since 3.1.0",
    "subscription": "Cancel my subscription from the settings page",
    "weather": "Show the weather on the start page",
    "wechat": "希望可以用WeChat登录账号",
    "dingtalk": "希望可以用DingTalk登录账号",
    "invoice": "怎么申请发票",
    "refund": "退款多久能到账",
    "night": "晚上屏幕太亮了,能不能加一个深色模式",
}


@cache
def _similar(encoder: str) -> tuple[Similar, object]:
    try:
        loaded = load_encoder(encoder, threads=1)
    except EncoderUnavailable as error:
        pytest.skip(str(error))
    texts = list(POSTS.values())
    corpus = Corpus(list(POSTS), loaded.encode(texts), texts, views=loaded.views)
    return Similar(corpus), loaded


def _first(query: str, encoder: str = "use", count: int = 1) -> list[str]:
    similar, loaded = _similar(encoder)
    vectors = loaded.encode([query])  # type: ignore[attr-defined]
    return [str(found) for found, _ in similar.search([query], vectors, k=count)[0]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("download my statistics as an Excel file", "export"),
        ("it hurts my eyes at night", "dark"),
        ("how do I stop paying every month", "subscription"),
        ("pihole", "pihole"),
        ("crash in 3.2.1", "3.2.1"),
        ("crash in 3.1.0", "3.1.0"),
        ("用wechat登录", "wechat"),
        ("DingTalk 登录不了", "dingtalk"),
        ("发票", "invoice"),
        ("钱什么时候退回来", "refund"),
        ("什么时候支持 kubernetes", "kubernetes"),
    ],
)
def test_it_finds_by_meaning_and_by_word(query: str, expected: str) -> None:
    assert _first(query)[0] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kuberentes pictures", "kubernetes"),
        ("kubernets", "kubernetes"),
        ("cancel subscripton", "subscription"),
        ("wether on start page", "weather"),
        ("用wecaht登录", "wechat"),
        ("dingtlak", "dingtalk"),
    ],
)
@pytest.mark.parametrize("encoder", ["use", "hashing"])
def test_it_forgives_a_slip(query: str, expected: str, encoder: str) -> None:
    assert _first(query, encoder)[0] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [("深色主题", {"dark", "night"}), ("dark mode at night", {"dark", "night"})],
)
def test_it_finds_in_the_other_language(query: str, expected: set[str]) -> None:
    assert set(_first(query, count=2)) == expected


def test_words_alone_find_when_there_is_no_vector() -> None:
    similar, _ = _similar("hashing")
    found = similar.search(["subscripton"], None, k=2)[0]
    assert found[0][0] == "subscription"
    assert found[0][1] > found[1][1]
