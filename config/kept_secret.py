"""The secret key that lies in the data folder, where none is set."""

import os
import secrets
from pathlib import Path


def kept_secret(folder: Path) -> str:
    """Return the secret key kept in the data ``folder``; the first start makes it."""
    try:
        return _read_or_make_secret(folder / "secret-key")
    except OSError as error:
        raise SystemExit(
            f"The data directory {folder} cannot be used ({error.strerror}); name another with HEED_DATA_DIR."
        ) from None


def _read_or_make_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            os.link(fresh, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
