"""Measure the grouping on labelled posts; the database is not touched."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from feedback.encoder.models.base import EncoderUnavailable
from feedback.encoder.models.registry import describe
from feedback.engine import (
    BadCorpus,
    Constraints,
    Contradiction,
    Corpus,
    Grouper,
    Speech,
    kept,
    recall_at,
)
from feedback.engine.neighbours.nearest import neighbours
from feedback.engine.stats.quality import quality
from feedback.ops.files.posts import BadInput, read_posts
from feedback.ops.files.reading import add_reading_arguments, settings_from
from feedback.ops.files.vectors import corpus_of
from feedback.ops.management.commands.group_file import add_encoder_argument

_DECISIONS = 50


class Command(BaseCommand):
    help = "Group labelled posts and compare with the labels: ARI, AMI, B-cubed, churn, decisions held."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", help="any file that import_posts takes, with a label per post")
        parser.add_argument("--label-column", default="label", help="column of the labels")
        add_reading_arguments(parser)
        add_encoder_argument(parser)
        parser.add_argument("--vectors", help=".npy: read when it exists, else computed and saved")
        parser.add_argument("--seed", type=int, default=0, help="for the samples of the churn test")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._evaluate(options)
        except (BadInput, BadCorpus, Contradiction, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error

    def _evaluate(self, options: dict[str, Any]) -> None:
        posts = read_posts(Path(options["input"]), settings_from(options, needs_dates=False))
        labels = posts.column(options["label_column"])
        corpus, model_key = corpus_of(posts, describe(options["encoder"]), options["vectors"])
        speech = Speech.shipped(model_key)
        grouper = Grouper(speech=speech).fit(corpus)
        vectors = grouper.space_.transform(corpus.vectors, corpus.languages)
        rng = np.random.default_rng(options["seed"])
        report: dict[str, Any] = quality(labels, grouper.labels_).as_dict()
        report["recall_at_10"] = round(recall_at(labels, neighbours(vectors, 10)[0]), 4)
        languages = np.asarray(corpus.languages)
        report["by_language"] = {
            language: quality([labels[row] for row in rows], grouper.labels_[rows]).as_dict()
            for language in sorted(set(corpus.languages))
            if len(rows := np.flatnonzero(languages == language)) > 1
        }
        for name, share in (("kept_at_5_percent_more", 1 / 1.05), ("kept_when_doubled", 0.5)):
            report[name] = round(_kept_when_growing(corpus, share, rng, speech), 4)
        report["decisions_held"] = _decisions_held(corpus, labels, rng, speech)
        report["level"] = round(float(grouper.level_), 4)
        report["threshold"] = round(float(grouper.threshold_), 4)
        report["seconds"] = {stage: round(value, 3) for stage, value in grouper.timings_.items()}
        report["rows"], report["model_key"], report["seed"] = (
            len(posts),
            model_key,
            options["seed"],
        )
        for name, value in report.items():
            if isinstance(value, int | float | str):
                self.stdout.write(f"{name:>24}  {value}")
        self.stdout.write(json.dumps(report, ensure_ascii=False))


def _kept_when_growing(
    corpus: Corpus, share: float, rng: np.random.Generator, speech: Speech | None
) -> float:
    """Return the share of posts that keep their key when the board grows from ``share`` to whole."""
    start = corpus.take(np.sort(rng.permutation(len(corpus))[: max(1, int(len(corpus) * share))]))
    before = Grouper(speech=speech).fit(start).keys_
    return kept(before, Grouper(speech=speech).fit(corpus, previous=before).keys_)


def _decisions_held(
    corpus: Corpus, labels: list[str], rng: np.random.Generator, speech: Speech | None
) -> float:
    """Return the share of simulated decisions that a run obeys; the labels answer."""
    pairs = rng.integers(0, len(corpus), size=(_DECISIONS * 4, 2))
    asked = [(int(a), int(b)) for a, b in pairs if a != b][:_DECISIONS]
    together = [(corpus.ids[a], corpus.ids[b]) for a, b in asked if labels[a] == labels[b]]
    apart = [(corpus.ids[a], corpus.ids[b]) for a, b in asked if labels[a] != labels[b]]
    said = Constraints(together=together, apart=apart)
    keys = Grouper(speech=speech).fit(corpus, said).keys_
    held = sum(keys[a] == keys[b] for a, b in together) + sum(keys[a] != keys[b] for a, b in apart)
    return held / len(asked) if asked else 1.0
