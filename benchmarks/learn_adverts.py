"""Learn what adverts by strangers read like, for the encoders that ship with Heed and for none.

    python -m benchmarks.learn_adverts [--check]

Reads the examples in ``feedback/engine/verdicts/examples``, composed for this, and every other review of the sample as posts that are none; writes
what `adverts.shipped` reads. ``--check`` writes nothing. Prints how many adverts are found, and how many honest posts would wait, by what was
learned from the others, and on the examples held out in ``benchmarks/adverts``, which nothing is learned from.
"""

import argparse
import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.large_site import SAMPLE
from feedback.encoder.models.registry import describe, load_encoder
from feedback.engine.verdicts import adverts
from feedback.engine.verdicts.adverts import LETTERS_ALONE, Reader, digest_of_examples, examples
from feedback.engine.verdicts.features import LETTERS

LEARNED = Path(__file__).parents[1] / "feedback/engine/verdicts/learned"
HELD_OUT = Path(__file__).parent / "adverts/held_out.jsonl"
ENCODERS = ("use", "fused", "fused-minilm")
#: Of honest posts about money, addresses and adverts, and of everyday posts, so many may wait: for certain, and while many adverts come.
_SURE, _DOUBTFUL = (0.02, 0.002), (0.06, 0.005)
#: An everyday post weighs less than one that was composed because it is hard to tell.
_EVERYDAY, _MOST = 0.1, 2_500

Floats = npt.NDArray[np.float32]
Read = Callable[[Sequence[str]], Floats]


def text_of(one: dict[str, Any]) -> str:
    """Return an example as it is read."""
    return f"{one['title']}\n{one['body']}"


def everyday() -> list[str]:
    """Return every other review of the sample: the others are for trying."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return [row["body"] for row in csv.DictReader(file)][::2][:_MOST]


def learn(rows: Floats, is_advert: npt.NDArray[np.bool_], is_everyday: npt.NDArray[np.bool_], penalty: float) -> tuple[Reader, Floats]:  # fmt: skip
    """Return what tells adverts, and the scores of models that had not seen the text."""
    model = LogisticRegression(C=penalty, max_iter=3_000)
    weights = np.where(is_everyday, _EVERYDAY, 1.0)
    rows = csr_matrix(rows) if rows.shape[1] > LETTERS else rows  # letters are few of many
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    unseen = cross_val_predict(
        model,
        rows,
        is_advert,
        cv=folds,
        method="decision_function",
        params={"sample_weight": weights},
    )
    hard, easy = unseen[~is_advert & ~is_everyday], unseen[is_everyday]
    doubtful, sure = (
        max(float(np.quantile(hard, 1 - most)), float(np.quantile(easy, 1 - rarely)))
        for most, rarely in (_DOUBTFUL, _SURE)
    )
    model.fit(rows, is_advert, sample_weight=weights)
    learned = np.append(model.coef_[0], model.intercept_).astype(np.float32)
    return Reader(learned, doubtful, sure), unseen


def say(name: str, scores: Floats, reader: Reader, groups: dict[str, npt.NDArray[np.bool_]]) -> None:  # fmt: skip
    """Print of each group how many are an advert for certain, and how many while many come."""
    for group, here in groups.items():
        if here.any():
            sure, doubtful = (
                100 * float((scores[here] >= at).mean()) for at in (reader.sure, reader.doubtful)
            )
            print(f"  {name:9} {group:22} {int(here.sum()):5}  {sure:5.1f} %  {doubtful:5.1f} %")


def read_with(encoder: str | None) -> Read:
    """Return how texts become rows: by an encoder, or by their letters."""
    from feedback.forum.moderation.holding.judging import links_in

    if encoder is None:
        return lambda texts: np.stack(
            [adverts.by_letters(one, links=links_in(one)) for one in texts]
        )
    loaded = load_encoder(encoder)

    def read(texts: Sequence[str]) -> Floats:
        vectors = loaded.encode(texts)
        return np.stack(
            [
                adverts.by_meaning(vector, one, links=links_in(one))
                for vector, one in zip(vectors, texts, strict=True)
            ]
        )

    return read


def main() -> None:
    """Learn or check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    import django

    django.setup()
    known, reviews = examples(), everyday()
    held = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    texts = [*map(text_of, known), *reviews]
    is_advert = np.array([one["advert"] for one in known] + [False] * len(reviews))
    is_everyday = np.array([False] * len(known) + [True] * len(reviews))
    unseen_groups = groups_of(held)
    for encoder, penalty in ((None, 30.0), *((name, 1.0) for name in ENCODERS)):
        read = read_with(encoder)
        reader, scores = learn(read(texts), is_advert, is_everyday, penalty)
        name = LETTERS_ALONE if encoder is None else describe(encoder).model_key
        print(f"{name}: of each so many would wait, and while many adverts come")
        seen = {
            "adverts": is_advert,
            "hard posts": ~is_advert & ~is_everyday,
            "everyday": is_everyday,
        }
        say("learned", scores, reader, seen)
        rows = read([text_of(one) for one in held])
        say(
            "held out",
            rows @ reader.weights[:-1] + reader.weights[-1],
            reader,
            unseen_groups,
        )
        if not options.check:
            kept = reader.kept() | {"examples": np.array(digest_of_examples())}
            np.savez_compressed(LEARNED / f"{name}.npz", **kept)


def groups_of(held: list[dict[str, Any]]) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which of the examples are adverts and which are none, by their language."""
    tongues = np.array([one["lang"] if one["lang"] in ("en", "zh") else "other" for one in held])
    is_advert = np.array([one["advert"] for one in held])
    return {
        f"{kind} {tongue}": (tongues == tongue) & (is_advert == wanted)
        for kind, wanted in (("adverts", True), ("hard posts", False))
        for tongue in ("en", "zh", "other")
    }


if __name__ == "__main__":
    main()
