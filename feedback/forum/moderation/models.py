"""What keeps order: rules, reports of people, cases, and what the team decided in them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

LINE_LENGTH = 300
WORD_LENGTH = 1_000


class Reason(models.TextChoices):
    """Why somebody reports something."""

    SPAM = "SPAM", _("Spam or advertising")
    ABUSE = "ABUSE", _("Insults, threats or hate")
    PERSONAL = "PERSONAL", _("Somebody's personal data")
    OFF_TOPIC = "OFF_TOPIC", _("Off topic")
    ILLEGAL = "ILLEGAL", _("Against the law")
    OTHER = "OTHER", _("Something else")


class Action(models.TextChoices):
    """What the team decides in a case. What is held and kept is published; GRANT and DENY answer an appeal."""

    KEEP = "KEEP", pgettext_lazy("decision in a case", "Keep")
    HIDE = "HIDE", pgettext_lazy("decision in a case", "Hide")
    REMOVE = "REMOVE", pgettext_lazy("decision in a case", "Remove")
    MOVE = "MOVE", pgettext_lazy("decision in a case", "Move to a board")
    WARN = "WARN", pgettext_lazy("decision in a case", "Warn")
    MUTE = "MUTE", pgettext_lazy("decision in a case", "Mute")
    SUSPEND = "SUSPEND", pgettext_lazy("decision in a case", "Suspend")
    BAN = "BAN", pgettext_lazy("decision in a case", "Ban")
    NAME = "NAME", _("Take the name away")
    BIO = "BIO", _("Take away what they say of themselves")
    FACE = "FACE", _("Take the picture away")
    GRANT = "GRANT", pgettext_lazy("decision in a case", "Take it back")
    DENY = "DENY", pgettext_lazy("decision in a case", "It stands")


#: What takes something of a person away, and which column it stood in.
TAKES_AWAY = {Action.NAME: "display_name", Action.BIO: "bio", Action.FACE: "face"}
#: What is done to a person, and what may be appealed.
TO_PEOPLE = (Action.WARN, Action.MUTE, Action.SUSPEND, Action.BAN, *TAKES_AWAY)
#: Of these what follows a person everywhere: for who keeps order on the whole site.
EVERYWHERE = (Action.MUTE, Action.SUSPEND, Action.BAN, *TAKES_AWAY)
MAY_BE_APPEALED = (Action.HIDE, Action.REMOVE, Action.MOVE, *TO_PEOPLE)


class Rule(models.Model):
    """One rule of the house, as everybody can read it, with what usually follows when it is broken."""

    slug = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    name = LineColumn(_("rule"), most=80)
    name_zh = LineColumn(_("rule in Chinese"), most=80, blank=True)
    text = LineColumn(_("what it means"), most=LINE_LENGTH, blank=True)
    text_zh = LineColumn(_("what it means, in Chinese"), most=LINE_LENGTH, blank=True)
    penalty = LineColumn(_("usual penalty"), most=LINE_LENGTH, blank=True)
    penalty_zh = LineColumn(_("usual penalty in Chinese"), most=LINE_LENGTH, blank=True)
    word = models.TextField(_("word to the author"), max_length=WORD_LENGTH, blank=True)
    word_zh = models.TextField(
        _("word to the author in Chinese"), max_length=WORD_LENGTH, blank=True
    )
    is_retired = models.BooleanField(_("no longer in force"), default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The rule in the reader's language."""
        return _either(self.name, self.name_zh)

    @property
    def meaning(self) -> str:
        """What it means, in the reader's language."""
        return _either(self.text, self.text_zh)

    @property
    def usual_penalty(self) -> str:
        """What usually follows, in the reader's language."""
        return _either(self.penalty, self.penalty_zh)

    @property
    def template(self) -> str:
        """The word to the author, in the language in force."""
        return _either(self.word, self.word_zh)


def _either(english: str, chinese: str) -> str:
    return chinese if chinese and (get_language() or "").startswith("zh") else english


class Case(models.Model):
    """A post, a comment or a person that the team is asked to look at; each has one open case at most."""

    public_id = PublicIdField()
    thing = models.CharField(
        max_length=40, help_text='What it is about, as "post:" and a public id.'
    )
    post = models.ForeignKey(
        "forum.Post", on_delete=models.CASCADE, null=True, related_name="cases"
    )
    comment = models.ForeignKey(
        "forum.Comment", on_delete=models.CASCADE, null=True, related_name="cases"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="cases"
    )
    held_for = models.JSONField(
        default=list, blank=True, help_text="Why it waits unseen: names of grounds, and words."
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thing"], condition=Q(closed_at__isnull=True), name="forum_case_open_once"
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=False, comment__isnull=True, person__isnull=True)
                | Q(post__isnull=True, comment__isnull=False, person__isnull=True)
                | Q(post__isnull=True, comment__isnull=True, person__isnull=False),
                name="forum_case_of_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"], condition=Q(closed_at__isnull=True), name="forum_case_open"
            )
        ]

    def __str__(self) -> str:
        return self.thing

    @property
    def subject(self) -> Any:
        """The post, the comment or the person that it is about."""
        return self.post or self.comment or self.person

    @property
    def board(self) -> Any:
        """The board on which it was written, None of a person."""
        post = self.post or (self.comment.post if self.comment is not None else None)
        return post.board if post is not None else None

    @property
    def author(self) -> Any:
        """Who wrote what it is about, or the person themselves."""
        return self.person or self.subject.author

    @property
    def is_held(self) -> bool:
        """Whether what it is about waits unseen."""
        return bool(self.held_for)


class Flag(models.Model):
    """Somebody reports something, once: a member by themselves, a visitor by where they come from."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="flags")
    thing = models.CharField(max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="flags"
    )
    visitor = models.CharField(max_length=32, blank=True, help_text="A digest of an address.")
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    line = LineColumn(_("what the team should know"), most=LINE_LENGTH, blank=True)
    flagged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thing", "person"],
                condition=Q(person__isnull=False),
                name="forum_flag_once",
            ),
            models.UniqueConstraint(
                fields=["thing", "visitor"],
                condition=~Q(visitor=""),
                name="forum_flag_visitor_once",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(visitor=""), name="forum_flag_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing}: {self.reason}"


class Ruling(models.Model):
    """What the team decided in a case, by which rule, and the word its author was sent. Appealed once at most."""

    public_id = PublicIdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rulings")
    action = models.CharField(max_length=8, choices=Action.choices)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, null=True, related_name="rulings")
    word = models.TextField(blank=True, max_length=WORD_LENGTH)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True, help_text="Until when somebody is muted or suspended.")
    before = models.JSONField(default=dict, help_text="What was there before, beside `Hiding`.")
    together = models.CharField(
        max_length=20, db_index=True, help_text="What was decided in one act, and is undone in one."
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    appeal = models.TextField(blank=True, max_length=WORD_LENGTH)
    appealed_at = models.DateTimeField(null=True)
    appeal_case = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, related_name="appeals"
    )

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="forum_ruling_of")]

    def __str__(self) -> str:
        return f"{self.action}: {self.case_id}"


class Hiding(models.Model):
    """What a ruling keeps out of sight, and how it was before: its state, and its words where they were removed."""

    ruling = models.ForeignKey(Ruling, on_delete=models.CASCADE, related_name="hidings")
    post = models.ForeignKey(
        "forum.Post", on_delete=models.CASCADE, null=True, related_name="hidings"
    )
    comment = models.ForeignKey(
        "forum.Comment", on_delete=models.CASCADE, null=True, related_name="hidings"
    )
    was = models.CharField(
        max_length=12, help_text="The state before: of a comment HIDDEN or SHOWN."
    )
    words = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.ruling_id} hides {self.post_id or self.comment_id}"
