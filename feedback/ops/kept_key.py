"""Where the site has its secret key from."""

from pathlib import Path

from django.conf import settings


def kept_key() -> Path | None:
    """Return the file of the data folder that holds the key which the site signs with; None where it has another, from its environment."""
    path = Path(settings.DATA_DIR) / "secret-key"
    is_used = path.exists() and path.read_text(encoding="ascii").strip() == settings.SECRET_KEY
    return path if is_used else None
