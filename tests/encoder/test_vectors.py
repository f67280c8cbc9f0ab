"""What every encoder promises of its vectors, tried on the real ones."""

import random
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.encoder.models.base import LONGEST_TEXT, Encoder, language_of, prepare, unit_rows
from feedback.encoder.models.centred import CentredEncoder, Part
from feedback.encoder.models.registry import bundled_model, load_encoder
from tests.encoder.conftest import CHINESE, ENGLISH

POSTS = [*ENGLISH, *CHINESE]


def test_a_fused_vector_is_the_mean_of_its_views_cosines(fused: Encoder) -> None:
    whole = fused.encode(POSTS)
    alone = [fused.encode(POSTS, views=[view.name]) for view in fused.views]

    assert isinstance(fused, Encoder)
    assert whole.dtype == np.float32
    assert whole.shape == (len(POSTS), fused.dims)
    np.testing.assert_allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-5)
    for view, vectors in zip(fused.views, alone, strict=True):
        assert vectors.shape == (len(POSTS), view.dims)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(
        whole @ whole.T, np.mean([v @ v.T for v in alone], axis=0), atol=1e-5
    )


def test_a_post_is_nearest_to_its_translation(fused: Encoder) -> None:
    cosines = fused.encode(ENGLISH) @ fused.encode(CHINESE).T

    assert (cosines.argmax(axis=1) == np.arange(len(ENGLISH))).all()
    assert (cosines.argmax(axis=0) == np.arange(len(ENGLISH))).all()


@pytest.mark.parametrize(
    "posts",
    [
        ("Uygulama açılışta çöküyor", "Karanlık mod eklensin", "Videolar indirilemiyor"),
        ("O aplicativo trava ao abrir", "Adicionem o modo escuro", "Não consigo baixar os vídeos"),
        (
            "起動するとアプリが落ちます",
            "ダークモードを追加してください",
            "動画をダウンロードできません",
        ),
        ("Приложение вылетает при запуске", "Добавьте тёмную тему", "Не могу скачать видео"),
        ("앱을 열면 바로 꺼져요", "다크 모드를 추가해 주세요", "동영상을 다운로드할 수 없어요"),
    ],
)
def test_a_post_is_nearer_to_its_english_than_to_others_in_its_language(
    fused: Encoder, posts: tuple[str, ...]
) -> None:
    english = fused.encode(
        ["The app crashes when I open it", "Please add a dark mode", "I can't download videos"]
    )
    said = fused.encode(posts)
    translations, others = np.diagonal(said @ english.T), said @ said.T

    assert others[np.triu_indices(3, 1)].max() < 0.25
    assert translations.min() > others[np.triu_indices(3, 1)].max()


def test_unrelated_posts_are_far_apart_after_centring(fused: Encoder) -> None:
    cosines = fused.encode(POSTS) @ fused.encode(POSTS).T
    unrelated = cosines[np.add.outer(-np.arange(12), np.arange(12)) % 6 != 0]

    assert unrelated.mean() < 0.25
    assert unrelated.max() < 0.6


def test_the_same_text_has_the_same_bits_in_any_company(fused: Encoder) -> None:
    posts = [f"{post} {'really ' * (i % 7)}" for i, post in enumerate(POSTS * 4)]
    together = fused.encode(posts)
    shuffled = list(range(len(posts)))
    random.Random(7).shuffle(shuffled)

    assert (fused.encode([posts[i] for i in shuffled]) == together[shuffled]).all()
    for i in (0, 11, 30):
        assert (fused.encode([posts[i]])[0] == together[i]).all()


def test_threads_do_not_disturb_each_other(fused: Encoder) -> None:
    expected = fused.encode(POSTS)
    found: list[bool] = []

    def encode() -> None:
        found.append(bool((fused.encode(POSTS) == expected).all()))

    threads = [threading.Thread(target=encode) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def test_equal_texts_are_embedded_once_and_stay_in_their_places() -> None:
    class Counting:
        dims = 3
        seen: list[str] = []

        def embed(self, texts: list[str]) -> np.ndarray:
            self.seen += texts
            return np.array([[len(text), 1, 2] for text in texts], dtype=np.float32)

    model = Counting()
    encoder = CentredEncoder([Part("only", model)], "counting")
    vectors = encoder.encode(["b  b", "a", "b b", " a ", "ccc", "b b"])

    assert sorted(model.seen) == ["a", "b b", "ccc"]
    assert (vectors[[0, 2, 5]] == vectors[0]).all()
    assert (vectors[1] == vectors[3]).all()


def test_progress_counts_up_to_all_texts(fused: Encoder) -> None:
    heard: list[tuple[int, int]] = []
    assert isinstance(fused, CentredEncoder)
    fused.encode([f"post number {i}" for i in range(40)], progress=lambda *at: heard.append(at))

    assert heard == sorted(heard)
    assert heard[-1] == (40, 40)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\x00", "😀", "\ud800", "a" * 100_000, "0x1f " * 2_000, "\n\t", "龘" * 3_000],
)
def test_awkward_texts_have_ordinary_vectors(fused: Encoder, text: str) -> None:
    vectors = fused.encode([text, text])

    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors[0] == vectors[1]).all()


def test_nothing_encodes_to_no_rows(fused: Encoder) -> None:
    assert fused.encode([]).shape == (0, fused.dims)
    assert fused.encode([], views=["use"]).shape == (0, 512)


def test_an_unknown_view_is_an_error(fused: Encoder) -> None:
    with pytest.raises(KeyError, match="nonsense"):
        fused.encode(["x"], views=["nonsense"])


def test_a_model_for_latin_letters_leaves_other_letters_to_the_rest() -> None:
    hashing = bundled_model("hashing")
    parts = [Part("all", hashing), Part("latin", hashing, latin_only=True)]
    vectors = CentredEncoder(parts, "two").encode(
        ["dark mode", "深色模式", "тёмная тема", "mode sombre"]
    )

    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert not vectors[1:3, hashing.dims :].any()
    assert vectors[[0, 3], hashing.dims :].any(axis=1).all()


def test_the_fallback_sees_shared_words_in_both_languages() -> None:
    encoder = load_encoder("hashing")
    vectors = encoder.encode(
        ["dark mode please", "please, a dark mode", "refund my order", "请增加深色模式", "深色模式"]
    )
    cosines = vectors @ vectors.T

    assert cosines[0, 1] > 0.6 > abs(cosines[0, 2])
    assert cosines[3, 4] > 0.5 > abs(cosines[3, 2])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("dark mode please", "en"),
        ("请增加深色模式", "zh"),
        ("打开 YouTube 就 crash", "zh"),
        ("给我看HarkinsTheatres的电影", "zh"),
        ("the 简体 font is broken on my phone", "en"),
        ("アプリが落ちます、直してください", "en"),
        ("한국어도 지원해 주세요", "en"),
        ("", "en"),
        ("12345 !!", "en"),
    ],
)
def test_the_language_that_carries_a_text_decides_its_mean(text: str, language: str) -> None:
    assert language_of(text) == language


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_preparing_twice_changes_nothing(text: str) -> None:
    prepared = prepare(text)

    assert prepare(prepared) == prepared
    prepared.encode("utf-8")


def test_long_texts_are_cut_at_a_word() -> None:
    prepared = prepare("word " * 5_000)

    assert LONGEST_TEXT - 40 <= len(prepared) <= LONGEST_TEXT
    assert prepared.endswith("word")


def test_rows_of_zeros_are_all_alike() -> None:
    rows = unit_rows(np.array([[0, 0], [3, 4], [0, 0]], dtype=np.float32))

    np.testing.assert_allclose(rows, [[1, 0], [0.6, 0.8], [1, 0]], atol=1e-6)
