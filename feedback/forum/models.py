"""Products, boards, posts and comments; what each feature keeps beside them stands in its folder."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.forum.addresses.models import OldAddress
from feedback.forum.agents.models import Confirmation
from feedback.forum.attachments.models import Attachment
from feedback.forum.board_fields.models import Field, Template
from feedback.forum.closed.models import BoardMember, Readers
from feedback.forum.consents.models import Consented, Consents
from feedback.forum.customers.models import PostForCustomer, VoteForCustomer
from feedback.forum.moderation.holding.models import HoldingWishes, SaidWords, WordRule
from feedback.forum.moderation.models import Case, Flag, Hiding, Rule, Ruling
from feedback.forum.moderation.outside.models import OutsideCheck
from feedback.forum.polls.models import Ballot, Poll, PollOption
from feedback.forum.products.models import NAME_LENGTH, Named, Product
from feedback.forum.prompts.models import Prompt
from feedback.forum.renderings.models import RenderedComment, RenderedPost
from feedback.forum.rights.models import Admitting, Allowed, Offer, Right
from feedback.forum.translating.models import Translation
from feedback.forum.votes.models import BY_PEOPLE, Importance, SeenBy, Vote, Wanted
from feedback.forum.witnessing.models import Reproduction, SameAs
from feedback.kernel.public_ids import LENGTH as PUBLIC_ID_LENGTH
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

__all__ = [
    "BODY_LENGTH",
    "COMMENT_LENGTH",
    "NAME_LENGTH",
    "TITLE_LENGTH",
    "VERSION_LENGTH",
    "Allowed",
    "Attachment",
    "Ballot",
    "Board",
    "BoardMember",
    "Case",
    "Comment",
    "Confirmation",
    "Consents",
    "Draft",
    "Field",
    "Flag",
    "Hiding",
    "HoldingWishes",
    "Importance",
    "Named",
    "Offer",
    "OldAddress",
    "OutsideCheck",
    "Poll",
    "PollOption",
    "Post",
    "PostForCustomer",
    "Product",
    "Prompt",
    "Reaction",
    "Readers",
    "RenderedComment",
    "RenderedPost",
    "Reproduction",
    "Right",
    "Rule",
    "Ruling",
    "SaidWords",
    "SameAs",
    "SeenBy",
    "Template",
    "Translation",
    "Vote",
    "VoteForCustomer",
    "WordRule",
]

TITLE_LENGTH = 200
BODY_LENGTH = 20_000
COMMENT_LENGTH = 10_000
VERSION_LENGTH = 40


class Board(Named, Admitting):
    """A place to post about a product. May stand inside one other board of it."""

    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="boards"
    )
    slug = models.SlugField(_("address"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("stands in"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_grouped = models.BooleanField(
        _("its posts are grouped"),
        default=True,
        help_text=_("Its posts are grouped into asks. Off for announcements."),
    )
    asks_for_prompt = models.BooleanField(
        _("it asks for prompts"), default=False, db_default=False,
        help_text=_("A post may carry a prompt, the answer and which model it was."),
    )  # fmt: skip
    is_archived = models.BooleanField(_("archived"), default=False)
    voters_seen_by = models.CharField(
        _("who sees the names of those who want a post"),
        max_length=8,
        choices=SeenBy.choices,
        default=SeenBy.EVERYONE,
    )
    readers = models.CharField(
        _("who reads it"), max_length=8, choices=Readers.choices, default=Readers.EVERYONE
    )
    post_count = models.PositiveIntegerField(_("number of posts"), default=0)

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="forum_board_not_itself",
            )
        ]

    @property
    def is_closed(self) -> bool:
        """Whether not everybody reads it."""
        return self.readers != Readers.EVERYONE


class Post(Consented, Wanted):
    """One person's words."""

    class Kind(models.TextChoices):
        SUGGESTION = "SUGGESTION", _("Suggestion")
        BUG = "BUG", _("Bug")
        QUESTION = "QUESTION", _("Question")
        PRAISE = "PRAISE", _("Praise")

    class State(models.TextChoices):
        PUBLISHED = "PUBLISHED", _("Published")
        HIDDEN = "HIDDEN", _("Hidden by a moderator")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn by its author")
        HELD = "HELD", _("Waits for the team")
        REMOVED = "REMOVED", _("Removed by a moderator")
        INSIDE = "INSIDE", _("On a closed board")
        WITNESS = "WITNESS", _("By an agent, not confirmed yet")

    public_id = PublicIdField()
    board = models.ForeignKey(
        Board, verbose_name=_("board"), on_delete=models.PROTECT, related_name="posts"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="posts",
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.SUGGESTION)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PUBLISHED
    )
    title = LineColumn(_("title"), most=TITLE_LENGTH)
    body = models.TextField(_("details"), max_length=BODY_LENGTH, blank=True)
    language = models.CharField(
        _("language"),
        max_length=8,
        help_text=_("The code of what it is written in: en, zh, fr …"),
    )
    content_hash = models.CharField(_("content hash"), max_length=32, db_index=True)
    product_version = LineColumn(_("product version"), most=VERSION_LENGTH, blank=True)
    rating = models.PositiveSmallIntegerField(_("stars"), null=True, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    fields = models.JSONField(_("fields"), default=dict, blank=True)
    source = models.CharField(
        _("source"), max_length=60, blank=True, help_text=_("Where it was imported from.")
    )
    external_id = models.CharField(_("id at the source"), max_length=200, blank=True)
    posted_at = models.DateTimeField(_("posted at"), db_index=True)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), help_text=_("When it reached this site."))
    last_activity_at = models.DateTimeField(_("last activity at"))
    comment_count = models.PositiveIntegerField(_("number of comments"), default=0)
    hotness = models.FloatField(
        _("hotness"),
        default=0.0,
        help_text=_("Votes and comments against age."),
    )
    is_answered = models.BooleanField(
        _("answered"), default=False, help_text=_("Has an official comment.")
    )
    is_locked = models.BooleanField(
        _("locked"), default=False, help_text=_("The team alone comments on it.")
    )
    pinned_at = models.DateTimeField(
        _("pinned at"), null=True, blank=True, help_text=_("Stands on top of its board.")
    )
    accepted = models.ForeignKey(
        "Comment",
        verbose_name=_("accepted answer"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The comment that answers a question, as its author or the team says."),
    )
    indexed_as = models.CharField(
        _("indexed as"),
        max_length=80,
        blank=True,
        help_text=_(
            "What its row in the search index was made of; '-' where it has none by intent."
        ),
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="forum_post_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)),
                name="forum_post_rating_range",
            ),
        ]
        indexes = [
            models.Index(fields=["board", "state", "-posted_at"], name="forum_post_board_new"),
            models.Index(fields=["state", "-posted_at"], name="forum_post_new"),
            models.Index(F("state"), BY_PEOPLE, F("posted_at").desc(), name="forum_post_by_people"),
            models.Index(fields=["state", "-last_activity_at"], name="forum_post_active"),
            models.Index(fields=["author", "-posted_at"], name="forum_post_author"),
            models.Index(fields=["state", "-arrived_at", "-id"], name="forum_post_arrived"),
            models.Index(fields=["state", "-hotness"], name="forum_post_hot"),
            models.Index(fields=["board", "state", "-hotness"], name="forum_post_board_hot"),
            models.Index(fields=["id"], condition=Q(indexed_as=""), name="forum_post_not_indexed"),
            models.Index(
                fields=["board"], condition=Q(pinned_at__isnull=False), name="forum_post_pinned"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shown(self) -> bool:
        """Whether it is shown to whoever reads its board."""
        return self.state in (self.State.PUBLISHED, self.State.INSIDE)


class Comment(models.Model):
    """An answer under a post. Official: the team speaks. Internal: only the team reads."""

    public_id = PublicIdField()
    post = models.ForeignKey(
        Post, verbose_name=_("post"), on_delete=models.CASCADE, related_name="comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="comments",
    )
    reply_to = models.ForeignKey(
        "self",
        verbose_name=_("reply to"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
        help_text=_("The comment that it answers, which answers none itself."),
    )
    body = models.TextField(_("comment"), max_length=COMMENT_LENGTH)
    is_official = models.BooleanField(_("official answer"), default=False)
    is_internal = models.BooleanField(_("team only"), default=False)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"),
        null=True,
        help_text=_("When its author took it back; it is hidden then, for good."),
    )
    external_id = models.CharField(
        _("id at the source"), max_length=200, blank=True, help_text=_("Of an imported comment.")
    )
    arrived_at = models.DateTimeField(
        _("arrived at"),
        null=True,
        help_text=_("When an import brought it; empty for what was written here."),
    )
    posted_at = models.DateTimeField(_("posted at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["posted_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "external_id"],
                condition=~Q(external_id=""),
                name="forum_comment_imported_once",
            ),
            models.CheckConstraint(
                condition=~Q(is_official=True, is_internal=True),
                name="forum_comment_official_is_public",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-posted_at", "-id"],
                name="forum_comment_latest",
                condition=Q(is_internal=False, is_hidden=False, arrived_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]


class Reaction(models.Model):
    """How somebody feels about a comment, in one sign. A row is a reaction; taking it back deletes the row."""

    class Kind(models.TextChoices):
        LIKE = "LIKE", _("Like")
        LOVE = "LOVE", _("Love it")
        LAUGH = "LAUGH", _("Funny")
        PARTY = "PARTY", _("Hooray")
        SAD = "SAD", _("Sad")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reactions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reactions"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "person", "kind"], name="forum_reaction_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class Draft(models.Model):
    """A post that its writer has not sent yet. Sent, it stays a while: whoever sends it again gets the same post."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    key = models.CharField(max_length=PUBLIC_ID_LENGTH)
    words = models.JSONField(default=dict, help_text="What the form said, by field.")
    saved_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="drafts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="forum_draft_once")]
        indexes = [
            models.Index(fields=["person", "-saved_at"], name="forum_draft_of"),
            models.Index(fields=["saved_at"], name="forum_draft_age"),
        ]

    def __str__(self) -> str:
        return self.title or self.key

    @property
    def title(self) -> str:
        """The title so far, or how the details begin."""
        return str(self.words.get("title") or self.words.get("body") or "")[:TITLE_LENGTH]
