"""The real settings, with an environment of their own, quick passwords and plain static files.

``HEED_TEST_DATABASE`` says on which database the suite runs: ``sqlite`` (default) or ``postgres``, an embedded
server that `tests/conftest.py` starts. Every session keeps its files in a fresh directory, so that sessions
may run side by side; the processes of one session share it through ``HEED_TEST_DIR``.
"""

import os
import tempfile
from pathlib import Path
from urllib.parse import quote

TEST_DATABASE = os.environ.get("HEED_TEST_DATABASE", "sqlite")
if TEST_DATABASE not in ("sqlite", "postgres"):
    raise SystemExit(f"HEED_TEST_DATABASE is {TEST_DATABASE!r}; it can be sqlite or postgres.")

if "HEED_TEST_DIR" not in os.environ:
    os.environ["HEED_TEST_DIR"] = tempfile.mkdtemp(prefix="heed-test-")
TEST_DIR = Path(os.environ["HEED_TEST_DIR"])
POSTGRES_DIR = TEST_DIR / "postgres"
RUNTIME_DIR = TEST_DIR / "runtime"

# A developer's own settings must not decide how a test ends.
for _name in list(os.environ):
    if _name.startswith(("HEED_", "DATABASE_URL", "EMAIL_URL")) and not _name.startswith(
        "HEED_TEST_"
    ):
        del os.environ[_name]
os.environ["HEED_SECRET_KEY"] = "not-a-secret-only-for-tests"  # noqa: S105
os.environ["HEED_LOG_LEVEL"] = "WARNING"
os.environ["HEED_DATA_DIR"] = str(TEST_DIR)
if TEST_DATABASE == "postgres":
    os.environ["DATABASE_URL"] = f"postgres://postgres@{quote(str(POSTGRES_DIR), safe='')}/heed"

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASES, INSTALLED_APPS, MIDDLEWARE, STATIC_ROOT, STORAGES  # noqa: E402

if TEST_DATABASE == "sqlite":
    # A file, not memory: WAL, locks and threads behave as they do in service.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0

# A query a row in any view fails its test. A sign-in reads its session again, and then takes it away; and of several
# proposals that are decided at once each is held and read by itself.
ZEAL_ALLOWLIST = [
    {"model": "sessions.Session", "field": "get*"},
    {"model": "asks.Proposal", "field": "get*"},
]
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]

# Every test begins with an empty cache, those without a database too; tests/accounts/test_limits.py has the real one.
SHARED_CACHE = CACHES["default"]
CACHES["default"] = CACHES["template_fragments"]  # one memory, so that it is emptied as one

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# Nobody listens here: a test that wants the encoder asks for the fixture of that name.
ENCODER_URL = "http://127.0.0.1:9"
