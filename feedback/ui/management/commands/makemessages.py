"""Django's own, but a new sentence starts without a translation: a guess from a like one reads as if it were one."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Gather the interface's sentences."""

    msgmerge_options = [
        *makemessages.Command.msgmerge_options,
        "--no-fuzzy-matching",
    ]
