"""What people were told, and how it reached them."""

from feedback.notify.models.notices import Notice

__all__ = ["Notice"]
