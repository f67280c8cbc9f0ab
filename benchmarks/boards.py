"""The boards that are measured: where they lie, and their posts with vectors that are computed once and kept."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from feedback.encoder.models.registry import describe
from feedback.engine import Corpus
from feedback.ops.files.posts import BadInput, KeptVectors, Posts, read_posts
from feedback.ops.files.vectors import corpus_of

LABELLED = ("forum_en", "banking77_test", "cic_test_public", "lcqmc_groups", "xsid_mixed")
#: Boards of many narrow questions, which are hard to cut.
NARROW = ("bq_groups", "forum_zh")
#: Where vectors and reports are kept.
KEPT = Path("var/benchmarks")
PROJECT = Path(__file__).resolve().parent.parent


# Files are read by the site's own reader, which speaks the site's languages: English here.
if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(USE_TZ=True, USE_I18N=False)


@dataclass(frozen=True)
class Board:
    """A board: its posts, their corpus, and the true label of each."""

    name: str
    posts: Posts
    corpus: Corpus
    labels: list[str]


def data_folder() -> Path:
    """Return the folder of the data: HEED_BENCH_DATA, or shared/data beside the project."""
    named = os.environ.get("HEED_BENCH_DATA")
    return Path(named).expanduser() if named else PROJECT.parent / "shared" / "data"


def data_file(name: str) -> Path:
    """Return the path of a file of the data. Raises BadInput with what to do when it is not there."""
    folder = data_folder()
    if not folder.is_dir():
        raise BadInput(
            f"There is no folder {folder} with data to measure on; name one with HEED_BENCH_DATA=FOLDER, "
            'or name files of your own in ARGS="FILE.jsonl ..." (posts with id, text and label).'
        )
    if not (folder / name).exists():
        raise BadInput(
            f"There is no {name} in {folder}; put it there, or name another folder with HEED_BENCH_DATA=FOLDER."
        )
    return folder / name


def store_of(path: Path, encoder: str) -> Path:
    """Return where the vectors of ``path`` are kept."""
    KEPT.mkdir(parents=True, exist_ok=True)
    return KEPT / f"{path.name}.{describe(encoder).model_key}.npy"


def load(path: Path, encoder: str, *, label: str | None = "label") -> Board:
    """Return the board in ``path``; its vectors are computed at the first time. Raises BadInput."""
    posts = read_posts(path)
    store = store_of(path, encoder)
    if not store.exists():
        say(f"{path.name}: encoding {len(posts):,} posts once with {encoder} ...")
        started = time.perf_counter()
    else:
        started = None
    corpus, _ = corpus_of(posts, describe(encoder), str(store))
    if started is not None:
        say(f"{path.name}: {len(posts) / (time.perf_counter() - started):,.0f} posts a second")
    return Board(path.stem, posts, corpus, posts.column(label) if label else [])


def kept_vectors(path: Path, encoder: str) -> KeptVectors:
    """Return the file that keeps the vectors of ``path``."""
    return KeptVectors(store_of(path, encoder))


def say(line: str) -> None:
    """Tell the person at the keyboard how far the measuring is; the report goes to standard output."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
