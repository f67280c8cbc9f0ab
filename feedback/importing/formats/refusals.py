"""What can be wrong with a file, and with one value in it."""


class CannotImport(Exception):
    """The file as a whole cannot be read; the message is one sentence."""


class ValueUnreadable(Exception):
    """One value of one row cannot be read; the message says which and why."""
