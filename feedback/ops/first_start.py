"""The first start: an administrator, the boards, the sample; and going on with it when it was cut short."""

import datetime as dt
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from feedback.accounts.models import Role, User
from feedback.forum.boards.operations import make_board, make_default_boards
from feedback.forum.models import Board, Post
from feedback.importing import run
from feedback.importing.formats import Columns

SAMPLE_FILE = Path(__file__).parent / "sample" / "youtube_reviews.csv"
SAMPLE_SOURCE = "youtube-reviews"
SAMPLES = ("reviews", "none")

_CONSONANTS = "bdfghjkmnprstvz"
_VOWELS = "aeiou"

#: Where a first start stands. It is written down before each step, so that the next start goes on with it.
IMPORTING, GROUPING, DONE = "importing", "grouping", "done"


class FirstStart:
    """How far the first start of this data folder has come."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "first-start.json"
        try:
            self.step: str | None = json.loads(self._path.read_text(encoding="utf-8"))["step"]
        except (OSError, ValueError, KeyError):
            self.step = None

    def begin(self, sample: str) -> None:
        """Decide what there is to do; a site that has people or posts already is past its first start."""
        if self.step is None:
            is_old = Post.objects.exists() or User.objects.filter(role=Role.ADMIN).exists()
            self.reach(DONE if is_old or sample == "none" else IMPORTING)

    def reach(self, step: str) -> None:
        """Note that ``step`` begins."""
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps({"step": step}), encoding="utf-8")
        draft.replace(self._path)
        self.step = step


def make_administrator(email: str) -> str | None:
    """Make the first administrator and return the password, or None when there is one already."""
    if User.objects.filter(role=Role.ADMIN).exists():
        return None
    password = readable_password()
    with transaction.atomic():
        admin = User.objects.create_superuser(email, password, display_name="Admin")
        EmailAddress.objects.create(user=admin, email=admin.email, verified=True, primary=True)
    return password


def readable_password() -> str:
    """Return a password of four two-syllable words and two digits: 55 bits, and a person can copy it."""
    words = [
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(2))
        for _ in range(4)
    ]
    return "-".join([*words, f"{secrets.randbelow(90) + 10}"])


def make_boards(*, sample: bool, now: dt.datetime) -> None:
    """Make the boards that a new site has, and the sample's."""
    make_default_boards(now)
    if sample:
        make_board(
            slug="reviews",
            name="App reviews",
            name_zh="应用评价",
            description="5,000 real reviews of a video app, to see what Heed makes of them.",
            description_zh="一款视频应用的5000条真实评价，看看Heed怎样把它们汇成诉求。",
            position=90,
            now=now,
        )


def import_sample(
    *,
    now: dt.datetime,
    on_progress: Callable[[run.Progress], None],
    is_stopped: Callable[[], bool],
) -> run.Progress:
    """Import the sample, or what is still missing of it."""
    return run.import_file(
        SAMPLE_FILE,
        board=Board.objects.get(slug="reviews"),
        source=SAMPLE_SOURCE,
        columns=Columns({}, day_first=False, time_zone=ZoneInfo(settings.TIME_ZONE)),
        rejects_path=settings.DATA_DIR / "sample.rejects.csv",
        now=now,
        on_progress=on_progress,
        is_stopped=is_stopped,
    )
