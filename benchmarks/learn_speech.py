"""Learn how posts ask, complain, praise and tell, for the encoders that ship with Heed.

    python -m benchmarks.learn_speech [--check]

Reads the sentences in ``feedback/engine/words/examples`` and writes the weights that `Speech.shipped` reads. ``--check``
writes nothing. Prints how many sentences are judged right by what was learned from the others.
"""

import argparse
from pathlib import Path

import numpy as np

from feedback.encoder.models.registry import describe, load_encoder
from feedback.engine.words.speech import Speech, lessons

LEARNED = Path(__file__).parents[1] / "feedback/engine/words/learned"
ENCODERS = ("use", "fused", "fused-minilm")


def main() -> None:
    """Learn or check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    said = lessons()
    for name in ENCODERS:
        speech = Speech.learn(load_encoder(name).encode(said))
        print(f"{name}: {len(said)} sentences, asking or not told right {speech.sure:.3f}")
        if not options.check:
            np.savez(LEARNED / f"{describe(name).model_key}.npz", **speech.kept())


if __name__ == "__main__":
    main()
