"""What can be wrong with a file, with one value in it, and what only a person can say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One answer to a `Question`: its value, and what it would mean here."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """What the file leaves open: which of the `Settings` answers it, a sentence, and the answers there are."""

    setting: str
    sentence: str
    choices: tuple[Choice, ...] = ()


class CannotImport(Exception):
    """The file as a whole cannot be read; the message is one sentence. ``setting`` names what a person may say to mend it."""

    def __init__(self, sentence: str, setting: str = "") -> None:
        super().__init__(sentence)
        self.setting = setting


class NoRows(CannotImport):
    """There is nothing in the file to read."""


class Undecided(CannotImport):
    """The file may be read in several ways; a person has to say which."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.sentence, question.setting)
        self.question = question


class ValueUnreadable(Exception):
    """One value of one row cannot be read; the message says which and why."""
