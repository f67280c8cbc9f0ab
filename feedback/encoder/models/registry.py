"""Encoders by name: what a specification means, with and without loading weights.

============== ============================================================================
``fused``      USE multilingual v3 + multilingual-e5-small (English and Chinese)
``use``        USE alone
``e5``         e5 alone
``minilm``     all-MiniLM-L6-v2 (English only)
``fused-minilm`` the default: the same, plus MiniLM for posts in Latin letters
``hashing``    no network and no torch: shared words and character n-grams
anything else  a SentenceTransformer's name or path, with ``?prompt=query: `` if it wants one
============== ============================================================================
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from feedback.encoder.models.base import (
    LANGUAGES,
    PREPARATION,
    Encoder,
    EncoderUnavailable,
    Model,
    Vectors,
    View,
    lay_out,
    prepare,
    unit_rows,
)
from feedback.encoder.models.centred import CentredEncoder, Part
from feedback.encoder.models.generic_sentences import generic_sentences
from feedback.encoder.models.means import VERSION as MEANS_VERSION
from feedback.encoder.models.means import load_means

DEFAULT = "fused-minilm"


@dataclass(frozen=True, slots=True)
class Description:
    """An encoder's identity. ``dims`` is 0 and ``views`` empty when only loading can tell."""

    spec: str
    model_key: str
    dims: int
    views: tuple[View, ...]


_WIDTHS = {"use": 512, "e5": 384, "minilm": 384, "hashing": 1_024}
_REVISIONS = {"use": "use3", "e5": "e5s4bit", "minilm": "minilm6", "hashing": "hashing1"}
"""What stands for each model in a model key; changes with its weights or arithmetic."""
_COMBINATIONS = {
    "fused": ("use", "e5"),
    "use": ("use",),
    "e5": ("e5",),
    "minilm": ("minilm",),
    "fused-minilm": ("use", "e5", "minilm"),
    "hashing": ("hashing",),
}


def bundled() -> list[str]:
    """Return the names of the encoders that come with Heed."""
    return list(_COMBINATIONS)


def describe(spec: str = DEFAULT) -> Description:
    """The encoder's key, dims and views, without torch and without reading weights."""
    spec = spec.strip() or DEFAULT
    if spec in _COMBINATIONS:
        parts = _COMBINATIONS[spec]
        views = lay_out([(part, _WIDTHS[part]) for part in parts])
        name = "+".join(_REVISIONS[part] for part in parts)
        version = f"p{PREPARATION}" if spec == "hashing" else f"p{PREPARATION}m{MEANS_VERSION}"
        return Description(spec, f"{name}.{version}", views[-1].stop, views)
    return Description(spec, _named_key(spec), 0, ())


def is_here(spec: str) -> bool:
    """Return whether the weights behind ``spec`` are on this machine, or may be fetched; reads none of them."""
    name, _ = _name_and_prompt(spec.strip() or DEFAULT)
    if name in _COMBINATIONS or Path(name).is_dir():
        return True
    if os.environ.get("HF_HUB_OFFLINE", "1").lower() in ("0", "false", "no"):
        return True
    from huggingface_hub import try_to_load_from_cache  # takes its time, for few

    names = [name] if "/" in name else [name, f"sentence-transformers/{name}"]
    try:
        kept = [try_to_load_from_cache(one, "config.json") for one in names]
    except ValueError:  # no name that a model can have
        return False
    return any(isinstance(one, str) for one in kept)


def load_encoder(spec: str = DEFAULT, *, threads: int = 2) -> Encoder:
    """Load the weights behind ``spec``.

    :param threads: texts embedded at the same time; about the number of free cores.
    :raises EncoderUnavailable: when a package or model is missing, in one sentence.
    """
    described = describe(spec)
    spec = described.spec
    if spec in _COMBINATIONS:
        parts = [
            _bundled_part(name, alone=len(_COMBINATIONS[spec]) == 1) for name in _COMBINATIONS[spec]
        ]
        return CentredEncoder(parts, described.model_key, threads=threads)
    name, prompt = _name_and_prompt(spec)
    model = _import_sentence().named_model(name, prompt=prompt)
    return CentredEncoder(
        [Part("whole", model, learned_means(model))], described.model_key, threads=threads
    )


def learned_means(model: Model) -> dict[str, Vectors]:
    """Means of the generic sentences: what a model of unknown origin is centred with."""
    return {
        language: unit_rows(
            model.embed([prepare(text) for text in generic_sentences(language)])
        ).mean(axis=0)
        for language in LANGUAGES
    }


def bundled_model(name: str) -> Model:
    """One of the models that come inside a package: ``use``, ``e5``, ``minilm`` or ``hashing``.

    :raises EncoderUnavailable: when its package is missing.
    """
    try:
        if name == "hashing":
            from feedback.encoder.models.hashing import HashingModel  # loads scikit-learn

            return HashingModel()
        if name == "use":
            from feedback.encoder.models.use import UseModel  # loads its package

            return UseModel()
        sentence = _import_sentence()
        model: Model = {"e5": sentence.e5_model, "minilm": sentence.minilm_model}[name]()
        return model
    except ImportError as error:
        raise EncoderUnavailable(f"the encoder {name!r} needs a package: {error}") from error


def _bundled_part(name: str, *, alone: bool) -> Part:
    # It was trained on English, and helps with other languages in these letters: with Russian, Korean or Arabic it only harms.
    latin_only = name == "minilm" and not alone
    return Part(name, bundled_model(name), load_means(name), latin_only=latin_only)


def _import_sentence() -> ModuleType:
    try:
        from feedback.encoder.models import sentence  # loads torch
    except ImportError as error:
        raise EncoderUnavailable(
            f"this encoder needs torch and sentence-transformers ({error}); "
            "install them or set the encoder to 'hashing'"
        ) from error
    return sentence


def _name_and_prompt(spec: str) -> tuple[str, str | None]:
    name, mark, prompt = spec.partition("?prompt=")
    return name, prompt if mark else None


def _named_key(spec: str) -> str:
    """Readable and unique: the name, a digest of spec and (for a folder) of its files."""
    name, _ = _name_and_prompt(spec)
    digest = hashlib.sha256(spec.encode())
    folder = Path(name)
    if folder.is_dir():
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name[0] != "."):
            size = path.stat().st_size
            digest.update(f"{path.relative_to(folder)}:{size}".encode())
            with path.open("rb") as opened:
                digest.update(opened.read(65_536))
                opened.seek(max(0, size - 65_536))
                digest.update(opened.read())
    readable = re.sub(r"[^A-Za-z0-9.-]+", "-", name.rstrip("/").split("/")[-1]).strip("-")[:60]
    return f"st-{readable}-{digest.hexdigest()[:10]}.p{PREPARATION}"
