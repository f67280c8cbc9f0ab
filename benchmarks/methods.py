"""The methods that are measured side by side: Heed, EVoC and BERTopic, each as it comes, on the same vectors."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from feedback.engine import Corpus, Grouper

Method = Callable[[Corpus, int], np.ndarray]
#: Packages whose versions a report names.
PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "evoc",
    "bertopic",
    "umap-learn",
    "hdbscan",
    "numba",
    "torch",
)


def heed(corpus: Corpus, seed: int) -> np.ndarray:
    """Group as the site does; there is nothing to seed."""
    return Grouper().fit_predict(corpus)


def evoc(corpus: Corpus, seed: int) -> np.ndarray:
    """Run EVoC with its defaults; noise is -1."""
    from evoc import EVoC

    return np.asarray(EVoC(random_state=seed).fit_predict(corpus.vectors))


def bertopic(corpus: Corpus, seed: int) -> np.ndarray:
    """Run BERTopic with its defaults on the given vectors, its UMAP with a seed; outliers are -1."""
    from bertopic import BERTopic
    from umap import UMAP

    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    topics, _ = BERTopic(umap_model=umap).fit_transform(corpus.full_texts, corpus.vectors)
    return np.asarray(topics)


#: The package that a method needs, and the method.
METHODS: dict[str, tuple[str, Method]] = {
    "Heed": ("numpy", heed),
    "EVoC": ("evoc", evoc),
    "BERTopic": ("bertopic", bertopic),
}


def installed(package: str) -> str | None:
    """Return the version of ``package``, None when it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def available(wanted: list[str] | None = None) -> dict[str, Method]:
    """Return the methods that are installed, of those ``wanted``."""
    return {
        name: method
        for name, (package, method) in METHODS.items()
        if installed(package) and (wanted is None or name.lower() in wanted)
    }


def versions() -> dict[str, str | None]:
    """Return the versions that a result depends on."""
    return {package: installed(package) for package in PACKAGES}


def noise_alone(labels: np.ndarray) -> np.ndarray:
    """Give every noise post (-1) a group of its own: what a method leaves out is paid for."""
    out = labels.astype(np.int64).copy()
    noise = np.flatnonzero(out < 0)
    out[noise] = out.max(initial=-1) + 1 + np.arange(len(noise))
    return out
