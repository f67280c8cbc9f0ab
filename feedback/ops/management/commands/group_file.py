"""Group the posts of a file, without touching the database."""

import json
import resource
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feedback.encoder.models.base import EncoderUnavailable
from feedback.encoder.models.registry import describe
from feedback.engine import BadCorpus, Constraints, Contradiction, Corpus, Grouper, Speech
from feedback.ops.files.posts import (
    BadInput,
    Earlier,
    Posts,
    decisions_by_post,
    read_decisions,
    read_posts,
    read_previous,
)
from feedback.ops.files.reading import add_reading_arguments, settings_from
from feedback.ops.files.vectors import corpus_of


def add_encoder_argument(parser: ArgumentParser) -> None:
    """Add the option that names the encoder."""
    parser.add_argument(
        "--encoder",
        default=settings.ENCODER,
        help=f"encoder by name, or any SentenceTransformer (default: {settings.ENCODER})",
    )


def write_rows(path: str | None, rows: list[dict[str, Any]], out: Any) -> None:
    """Write JSONL to ``path``, or to ``out`` when there is none. Raises BadInput."""
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if path is None:
        out.write(lines, ending="")
        return
    try:
        Path(path).write_text(lines, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error}.") from error


def peak_mb() -> int:
    """Return the most memory this process has held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))


class Command(BaseCommand):
    help = "Group the posts of a file that ask for the same thing; it may be any file that import_posts takes."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", help="any file that import_posts takes")
        add_reading_arguments(parser)
        add_encoder_argument(parser)
        parser.add_argument(
            "--decisions", help="JSONL with kind (TOGETHER or APART), a and b; always obeyed"
        )
        parser.add_argument(
            "--previous", help="output of an earlier run, whose groups keep their keys"
        )
        parser.add_argument(
            "--output", help="JSONL with id, group, score, reason (default: standard output)"
        )
        parser.add_argument("--vectors", help=".npy: read when it exists, else computed and saved")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._group(options)
        except (BadInput, BadCorpus, Contradiction, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error

    def _group(self, options: dict[str, Any]) -> None:
        started = time.perf_counter()
        posts = read_posts(Path(options["input"]), settings_from(options, needs_dates=False))
        constraints = (
            read_decisions(Path(options["decisions"]), posts.ids)
            if options["decisions"]
            else Constraints()
        )
        constraints.resolve()
        earlier = read_previous(Path(options["previous"])) if options["previous"] else None
        reading = time.perf_counter() - started

        started = time.perf_counter()
        corpus, model_key = corpus_of(posts, describe(options["encoder"]), options["vectors"])
        encoding = time.perf_counter() - started

        held = decisions_by_post(constraints)
        grouper = Grouper(speech=Speech.shipped(model_key)).fit(
            corpus, _with_released(constraints, held, earlier), earlier.keys if earlier else None
        )
        started = time.perf_counter()
        write_rows(options["output"], _rows(posts, corpus, grouper, held), self.stdout)
        writing = time.perf_counter() - started

        alone = sum(len(group) == 1 for group in grouper.groups_)
        self.stdout.write(
            f"{len(posts)} posts are {len(grouper.groups_)} groups; {alone} posts are alone, "
            f"{int(grouper.boilerplate_.sum())} ask for nothing."
        )
        for group in sorted(grouper.groups_, key=lambda group: (-len(group), group.key))[:10]:
            if len(group) > 1:
                self.stdout.write(f"{len(group):6d}  {group.title}")
        seconds = {"read": reading, "encode": encoding, **grouper.timings_, "write": writing}
        summary = {
            "rows": len(posts),
            "groups": len(grouper.groups_),
            "alone": alone,
            "boilerplate": int(grouper.boilerplate_.sum()),
            "level": round(float(grouper.level_), 4),
            "threshold": round(float(grouper.threshold_), 4),
            "seconds": {stage: round(value, 3) for stage, value in seconds.items()},
            "peak_mb": peak_mb(),
            "model_key": model_key,
        }
        self.stdout.write(json.dumps(summary, ensure_ascii=False))


def _with_released(
    constraints: Constraints, held: dict[str, set[tuple[str, str]]], earlier: Earlier | None
) -> Constraints:
    """Let go of the posts that a decision held in the earlier run and does not any more."""
    if earlier is None:
        return constraints
    released = [name for name, was in earlier.decisions.items() if not was <= held.get(name, set())]
    return Constraints(together=constraints.together, apart=constraints.apart, released=released)


def _rows(
    posts: Posts, corpus: Corpus, grouper: Grouper, held: dict[str, set[tuple[str, str]]]
) -> list[dict[str, Any]]:
    rows = []
    for at, name in enumerate(corpus.ids):
        row: dict[str, Any] = {
            "id": posts.given_ids[at],
            "group": grouper.keys_[name],
            "score": round(float(grouper.scores_[at]), 4),
            "reason": grouper.reasons_[name].sentence(),
        }
        if grouper.boilerplate_[at]:
            row["boilerplate"] = True
        if name in held:
            row["decisions"] = sorted(list(one) for one in held[str(name)])
        rows.append(row)
    return rows
