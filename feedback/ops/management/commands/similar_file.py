"""Find, for every query, the posts of a file that ask for the same thing; the database is not touched."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.encoder.models.base import EncoderUnavailable
from feedback.encoder.models.registry import describe
from feedback.engine import BadCorpus, Similar
from feedback.ops.files.posts import BadInput, read_posts
from feedback.ops.files.reading import add_reading_arguments, settings_from
from feedback.ops.files.vectors import corpus_of
from feedback.ops.management.commands.group_file import add_encoder_argument, peak_mb, write_rows


class Command(BaseCommand):
    help = "Rank the posts of CORPUS by likeness to each post of QUERIES, by meaning and by word."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("corpus", help="any file that import_posts takes")
        parser.add_argument("queries", help="any file that import_posts takes")
        parser.add_argument("--k", type=int, default=10, help="matches per query (default: 10)")
        add_reading_arguments(parser)
        add_encoder_argument(parser)
        parser.add_argument("--output", help="JSONL with id and matches (default: standard output)")
        parser.add_argument(
            "--vectors", help=".npy of the corpus: read when it exists, else computed and saved"
        )
        parser.add_argument("--query-vectors", help=".npy of the queries, likewise")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._rank(options)
        except (BadInput, BadCorpus, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error

    def _rank(self, options: dict[str, Any]) -> None:
        if options["k"] < 1:
            raise BadInput("--k must be at least 1.")
        settings = settings_from(options, needs_dates=False)
        posts = read_posts(Path(options["corpus"]), settings)
        queries = read_posts(Path(options["queries"]), settings)
        encoder = describe(options["encoder"])
        started = time.perf_counter()
        corpus, model_key = corpus_of(posts, encoder, options["vectors"])
        asked, query_key = corpus_of(queries, encoder, options["query_vectors"])
        if asked.vectors.shape[1] != corpus.vectors.shape[1] or query_key != model_key:
            raise BadInput(
                f"The corpus has vectors of {model_key}, the queries of {query_key}; use one model for both."
            )
        encoding = time.perf_counter() - started
        started = time.perf_counter()
        similar = Similar(corpus)
        answers = similar.search(
            asked.full_texts,
            asked.vectors,
            asked.languages,
            k=options["k"],
            own=list(asked.ids),
        )
        given = dict(zip(posts.ids, posts.given_ids, strict=True))
        rows = [
            {
                "id": queries.given_ids[at],
                "matches": [{"id": given[str(i)], "score": score} for i, score in found],
            }
            for at, found in enumerate(answers)
        ]
        write_rows(options["output"], rows, self.stdout)
        summary = {
            "rows": len(posts),
            "queries": len(queries),
            "seconds": {
                "encode": round(encoding, 3),
                "search": round(time.perf_counter() - started, 3),
            },
            "peak_mb": peak_mb(),
            "model_key": model_key,
        }
        self.stdout.write(json.dumps(summary, ensure_ascii=False))
