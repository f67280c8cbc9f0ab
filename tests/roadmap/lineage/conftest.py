"""Delivering what happened, as the inbox hears of it."""

from tests.notify.conftest import deliver

__all__ = ["deliver"]
