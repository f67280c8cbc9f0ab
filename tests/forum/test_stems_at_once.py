"""Words of several requests at once: each gets its own stem."""

import sys
import threading
from collections import Counter

from feedback.forum.search.language.words import stem

WORDS = [
    "subscription",
    "loading",
    "videos",
    "running",
    "generously",
    "agreed",
    "hopping",
    "relational",
]


def test_threads_stem_without_getting_pieces_of_each_others_words() -> None:
    right = {word: stem.__wrapped__(word) for word in WORDS}
    wrong: Counter[str] = Counter()

    def search() -> None:
        for word in WORDS * 60:
            try:
                wrong["another word"] += stem.__wrapped__(word) != right[word]
            except (IndexError, AssertionError) as error:
                wrong[type(error).__name__] += 1

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not +wrong
