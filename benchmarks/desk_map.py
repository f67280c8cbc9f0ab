"""How long the places of the map take for made asks: drawn anew, and with a twentieth new.

`python -m benchmarks.desk_map [--posts N] [--asks N]`.
"""

import argparse
import time

import numpy as np

from feedback.engine.layout import picture


def main() -> None:
    """Time the layout of made posts, and print seconds a part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=50_000)
    parser.add_argument("--asks", type=int, default=4_000)
    wanted = parser.parse_args()
    rng = np.random.default_rng(7)
    means = rng.standard_normal((wanted.asks, 384)).astype(np.float32)
    posts = 1 + rng.multinomial(wanted.posts, rng.dirichlet(np.full(wanted.asks, 0.3)))
    began = time.perf_counter()
    places = picture.place_asks(means, posts, np.full((wanted.asks, 2), np.nan, np.float32))
    print(f"a new picture of {wanted.asks} asks: {time.perf_counter() - began:.1f} s")
    some = rng.random(wanted.asks) < 0.05
    began = time.perf_counter()
    picture.place_asks(means, posts, np.where(some[:, None], np.nan, places).astype(np.float32))
    print(f"the same with a twentieth new: {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
