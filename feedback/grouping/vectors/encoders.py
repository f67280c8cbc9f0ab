"""The encoders this site talks to: the one in force, and the one that HEED_ENCODER names.

Usually they are the same. While another model is tried they are two, and vectors of the one in force are always
asked for by its model key, so that no other can answer in its place.
"""

import re
from functools import lru_cache

from django.conf import settings

from feedback.encoder.client import EncoderClient, EncoderDown, EncoderHealth
from feedback.encoder.models.registry import describe
from feedback.grouping.models import EncoderModel

__all__ = ["EncoderDown", "client", "client_of", "configured_keys", "current_model"]

#: Encoders that come with Heed, and so can be found again by their model key alone.
BUNDLED = ("fused-minilm", "fused", "use", "e5", "minilm", "hashing")


#: How many numbers a vector has, by view, of the whole by "".
Widths = tuple[tuple[str, int], ...]


@lru_cache(maxsize=8)
def _client(url: str, model: str, token: str, widths: Widths = ()) -> EncoderClient:
    return EncoderClient(url, model, token=token or None, widths=dict(widths))


def client(model: EncoderModel | None = None) -> EncoderClient:
    """Return the client of the configured encoder; one a process, safe in threads.

    Where it is known to serve ``model``, an answer of another width is none.
    """
    widths = _widths_of(model) if model is not None else ()
    return _client(settings.ENCODER_URL, settings.ENCODER, settings.ENCODER_TOKEN, widths)


def _widths_of(model: EncoderModel) -> Widths:
    views = ((str(name), int(stop) - int(start)) for name, start, stop in model.views)
    return (("", model.dims), *views)


def client_of(model: EncoderModel) -> EncoderClient:
    """Return the client that asks for vectors of ``model`` and of no other."""
    return asking(model, own=settings.OWN_ENCODER_URL or settings.ENCODER_URL)


def asking(model: EncoderModel, *, own: str) -> EncoderClient:
    """Return the client of ``model`` where Heed's own encoder is at the address ``own``."""
    name, address = _name_and_address(model.spec)
    if address:
        return _client(address, name, settings.ENCODER_TOKEN, _widths_of(model))
    return _client(own, model.model_key, settings.ENCODER_TOKEN, _widths_of(model))


def current_model() -> EncoderModel | None:
    """Return the model whose vectors are compared now, or None before the first vector."""
    return EncoderModel.objects.filter(is_current=True).first()


def specs_now() -> tuple[str, str]:
    """Return what finds the configured encoder again: when it is Heed's own, and when another server's."""
    return str(settings.ENCODER)[:200], f"{settings.ENCODER}@{settings.ENCODER_URL}"[:200]


def spec_of(health: EncoderHealth) -> str:
    """Return which of the two it is, now that it said who it is."""
    return specs_now()[health.model_key.startswith("remote-")]


def name_of(model: EncoderModel) -> str:
    """Return what people call ``model``: its name without an address."""
    return _name_and_address(model.spec)[0] or _bundled(model.model_key) or model.model_key


def is_own(model: EncoderModel) -> bool:
    """Whether Heed's own encoder serves it, and not another server."""
    return not model.model_key.startswith("remote-")


@lru_cache(maxsize=8)
def _keys_of(spec: str) -> frozenset[str]:
    readable = re.sub(r"[^A-Za-z0-9.:_-]+", "-", spec)[:90]
    return frozenset({describe(spec).model_key, f"remote-{readable}"})


def configured_keys() -> frozenset[str]:
    """Return the model keys that HEED_ENCODER may have, whoever serves it; known without asking."""
    return _keys_of(settings.ENCODER)


def specs_to_serve() -> list[str]:
    """Return what Heed's own encoder may be asked for: the model in force first, it is loaded at once.

    Then what HEED_ENCODER names, and the models whose vectors are kept, for which a person may decide again.
    """
    kept = EncoderModel.objects.filter(removed_at__isnull=True).order_by("-is_current", "-pk")
    specs = [
        _name_and_address(one.spec)[0] or _bundled(one.model_key) for one in kept if is_own(one)
    ]
    current = next((one for one in kept if one.is_current and is_own(one)), None)
    first = specs[:1] if current is not None else []
    return list(dict.fromkeys(filter(None, [*first, settings.ENCODER, *specs])))


def _name_and_address(spec: str) -> tuple[str, str]:
    """Return (name, address); the address is empty for Heed's own encoder."""
    name, mark, rest = spec.rpartition("@http")
    return (name, f"http{rest}") if mark else (spec, "")


def _bundled(model_key: str) -> str:
    """Return the name of the bundled encoder with this key, or "": rows of older sites note no spec."""
    return next((name for name in BUNDLED if describe(name).model_key == model_key), "")
