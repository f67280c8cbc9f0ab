"""Spelling slips: what a word may have been meant to be."""

from string import ascii_lowercase


def one_letter_away(word: str) -> set[str]:
    """Return what ``word`` may have been meant to be: one letter too many, missing, wrong, or two swapped.

    ``word`` is folded. The first letter is taken to be right. Slips are guessed of Latin letters alone: of any other
    word nothing is returned.
    """
    if not (word.isascii() and word.isalpha()):
        return set()
    parts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    found = {head + tail[1:] for head, tail in parts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1}
    for letter in ascii_lowercase:
        found |= {head + letter + tail[1:] for head, tail in parts if tail}
        found |= {head + letter + tail for head, tail in parts}
    return found - {word}
