"""The encoder this site talks to."""

from functools import lru_cache

from django.conf import settings

from feedback.insight.encoder_client import EncoderClient, EncoderDown
from feedback.insight.models import EncoderModel

__all__ = ["EncoderDown", "client", "current_model"]


@lru_cache(maxsize=4)
def _client(url: str, model: str, token: str) -> EncoderClient:
    return EncoderClient(url, model, token=token or None)


def client() -> EncoderClient:
    """Return the client of the configured encoder; one a process, safe in threads."""
    return _client(settings.ENCODER_URL, settings.ENCODER, settings.ENCODER_TOKEN)


def current_model() -> EncoderModel | None:
    """Return the model whose vectors are compared now, or None before the first vector."""
    return EncoderModel.objects.filter(is_current=True).first()
