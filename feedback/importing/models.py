"""Imports: what was brought from which file, by whom, what could not be taken, and what is needed to undo one."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from feedback.forum.models import Board, Post
from feedback.kernel import clock
from feedback.kernel.public_ids import PublicIdField


class Import(models.Model):
    """One file that was brought, from the first look at it to its being undone."""

    class State(models.TextChoices):
        LOOKING = "LOOKING", pgettext_lazy("state of an import", "being looked at")
        ASKING = "ASKING", pgettext_lazy("state of an import", "has a question")
        READY = "READY", pgettext_lazy("state of an import", "ready to start")
        RUNNING = "RUNNING", pgettext_lazy("state of an import", "running")
        STOPPED = "STOPPED", pgettext_lazy("state of an import", "stopped")
        DONE = "DONE", pgettext_lazy("state of an import", "done")
        FAILED = "FAILED", pgettext_lazy("state of an import", "failed")
        UNDOING = "UNDOING", pgettext_lazy("state of an import", "being undone")
        UNDONE = "UNDONE", pgettext_lazy("state of an import", "undone")

    public_id = PublicIdField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.LOOKING)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0, help_text="Bytes of the file.")
    is_uploaded = models.BooleanField(
        default=True, help_text="Its bytes lie in the data folder; a command reads its own file."
    )
    board = models.ForeignKey(Board, on_delete=models.SET_NULL, null=True, related_name="+")
    has_made_board = models.BooleanField(default=False, help_text="The board was made for it.")
    source = models.CharField(max_length=60, help_text="The name under which its rows are known.")
    takes_changes = models.BooleanField(
        default=False, help_text="Rows that are there and have changed change their posts."
    )
    said = models.JSONField(default=dict, help_text="What a person said of the file.")
    found = models.JSONField(default=dict, help_text="What the file was taken for, to be shown.")
    makes_asks = models.BooleanField(
        default=False, help_text="Whoever started it had asks made of its rows' states."
    )
    stages = models.JSONField(
        default=dict, help_text="State, in small letters, to the stage it becomes, empty for none."
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    language = models.CharField(max_length=12, blank=True, help_text="Whoever began it reads this.")
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    attempts_before = models.PositiveIntegerField(
        default=0, help_text="Attempts at what was done with it before: they count for nothing now."
    )
    error = models.TextField(blank=True)

    position = models.BigIntegerField(default=0, help_text="Bytes that have been looked at.")
    rows = models.PositiveIntegerField(default=0, help_text="Rows in the file.")
    seen = models.PositiveIntegerField(default=0, help_text="Rows that reading has come past.")
    read = models.PositiveIntegerField(default=0, help_text="Rows that are through.")
    made = models.PositiveIntegerField(default=0)
    already_there = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    undated = models.PositiveIntegerField(default=0)
    comments = models.PositiveIntegerField(default=0, help_text="Replies that came along.")
    orphaned = models.PositiveIntegerField(
        default=0, help_text="Replies to posts that are not here."
    )
    others = models.PositiveIntegerField(default=0, help_text="Rows that are no posts.")

    is_deciding = models.BooleanField(
        default=False, help_text="All rows are in: what is left is to make asks of their states."
    )
    decided = models.JSONField(default=dict, help_text="What came of the states so far.")

    undoes_touched = models.BooleanField(
        default=False, help_text="Undoing removes what people have touched since, too."
    )
    undone_posts = models.PositiveIntegerField(default=0)
    undone_people = models.PositiveIntegerField(default=0)
    undone_asks = models.PositiveIntegerField(
        default=0, help_text="Asks of posts that were here before it."
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="importing_import_state")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has something to do for it, or is still at its last batch."""
        busy = (self.State.LOOKING, self.State.RUNNING, self.State.UNDOING)
        is_held = self.leased_until is not None and self.leased_until > clock.now()
        return self.state in busy or is_held or self.is_mending

    @property
    def to_decide(self) -> int:
        """How many rows and merged posts there are to make asks of."""
        return self.rows + int((self.found.get("states") or {}).get("merged", 0))

    @property
    def is_mending(self) -> bool:
        """Whether mended rows wait to be tried again."""
        return self.refused_rows.filter(state=RefusedRow.State.WAITING).exists()

    def taken_from_its_worker(self) -> list[str]:
        """Have whoever is at it find that it is another's, and count no attempt of before; return which fields are to be saved."""
        self.leased_until, self.attempts = None, self.attempts + 1
        self.attempts_before = self.attempts
        return ["leased_until", "attempts", "attempts_before"]

    def posts(self) -> "QuerySet[Post]":
        """Return what it made: what its source brought at a moment at which it was at work."""
        moments = [stretch.began_at for stretch in self.stretches.all()]
        return Post.objects.filter(source=self.source, arrived_at__in=moments).exclude(
            external_id=""
        )


class Stretch(models.Model):
    """A while in which an import was at work. Every post that it made then arrived at the moment the while began.

    So a million posts know their import by what stands in them anyway, and nothing is written for each.
    """

    of = models.ForeignKey(
        Import, on_delete=models.CASCADE, db_index=False, related_name="stretches"
    )
    source = models.CharField(max_length=60)
    began_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "began_at"], name="importing_one_stretch_a_moment"
            )
        ]
        indexes = [models.Index(fields=["of"], name="importing_stretch_of")]

    def __str__(self) -> str:
        return f"{self.source} at {self.began_at}"

    @classmethod
    def begin(cls, of: Import, *, now: dt.datetime) -> dt.datetime:
        """Return the moment at which what is made from now on arrives: one that no other import of the source has."""
        moment = now
        while not cls.objects.get_or_create(source=of.source, began_at=moment, defaults={"of": of})[
            1
        ]:
            moment += dt.timedelta(microseconds=1)
        return moment


class RefusedRow(models.Model):
    """A row that could not be taken, with what stands in it, to be mended."""

    class State(models.TextChoices):
        REFUSED = "REFUSED"
        WAITING = "WAITING"
        MENDED = "MENDED"

    of = models.ForeignKey(
        Import, on_delete=models.CASCADE, db_index=False, related_name="refused_rows"
    )
    line = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.REFUSED)
    reason = models.TextField()
    said = models.TextField(help_text="Its values by column, as JSON in ASCII: any text there is.")
    raw = models.BinaryField(help_text="What stands there, in the encoding of the file.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "line"], name="importing_row_refused_once")
        ]
        indexes = [models.Index(fields=["of", "state", "line"], name="importing_refused_state")]

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}"


def at_work() -> Q:
    """Return the condition that there is something to do for an import."""
    state = Import.State
    busy = Q(state__in=[state.LOOKING, state.RUNNING, state.UNDOING])
    waiting = RefusedRow.objects.filter(of=models.OuterRef("pk"), state=RefusedRow.State.WAITING)
    settled = Q(state__in=[state.DONE, state.STOPPED, state.FAILED])
    return busy | (settled & Q(models.Exists(waiting)))
