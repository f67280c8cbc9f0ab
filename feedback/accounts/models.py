"""People: those who sign in, and those whose words were imported."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback.accounts.claiming.models import GUEST, Claim, ClaimCode
from feedback.accounts.handover.models import HandOverKey, ProductAccount, UsedToken
from feedback.accounts.joining.models import Invitation, Invited, JoiningWishes, QuizQuestion
from feedback.accounts.outcomes.models import Standing
from feedback.accounts.own_data.models import Erasure
from feedback.accounts.segments.models import Segment, SegmentLine
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

__all__ = [
    "BIO_LENGTH",
    "GUEST",
    "IN_TEAM",
    "NAME_LENGTH",
    "Claim",
    "ClaimCode",
    "Erasure",
    "HandOverKey",
    "Invitation",
    "Invited",
    "JoiningWishes",
    "Origin",
    "PartRole",
    "ProductAccount",
    "QuizQuestion",
    "RateBucket",
    "Role",
    "Segment",
    "SegmentLine",
    "Standing",
    "UsedToken",
    "User",
]

NAME_LENGTH = 60
BIO_LENGTH = 280


class Role(models.TextChoices):
    """What a person may do on the whole site; each role may do all that the ones before it may.

    An analyst reads what the team reads and does nothing there that members do not do.
    """

    MEMBER = "MEMBER", _("Member")
    ANALYST = "ANALYST", _("Analyst")
    MODERATOR = "MODERATOR", _("Moderator")
    MANAGER = "MANAGER", _("Product manager")
    ADMIN = "ADMIN", _("Administrator")


class PartRole(models.TextChoices):
    """What a person may do on some products or boards."""

    MODERATOR = "MODERATOR", _("Moderator")
    MANAGER = "MANAGER", _("Product manager")


#: Who reads what the team reads: on the whole site, or as the manager of a product.
IN_TEAM = Q(is_active=True) & (~Q(role=Role.MEMBER) | Q(part_role=PartRole.MANAGER))


class Origin(models.TextChoices):
    """Where a person comes from."""

    SIGNED_UP = "SIGNED_UP", _("Signed up here")
    IMPORTED = "IMPORTED", _("Imported author")
    ANONYMOUS = "ANONYMOUS", _("Anonymous author")


class Credit(models.TextChoices):
    """How a person is thanked when something they asked for ships."""

    NAMED = "NAMED", _("By my name")
    COUNTED = "COUNTED", _("As one of the others, without my name")


#: Who is thanked by name: who chose it, and members who chose nothing. Imported authors have not been asked.
NAMED_IN_CREDITS = Q(credit=Credit.NAMED) | Q(credit="", origin=Origin.SIGNED_UP)


class UserManager(BaseUserManager["User"]):
    def _make(self, email: str | None, password: str | None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower() if email else None, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_user(
        self, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Make a member. Without a password the person signs in by e-mail code."""
        return self._make(email, password, **fields)

    def create_superuser(
        self, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Make an administrator."""
        fields |= {"role": Role.ADMIN, "is_staff": True, "is_superuser": True}
        return self._make(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, counted once wherever people are counted.

    An imported author is a person of their own who cannot sign in; a row without an author makes an
    anonymous one.
    """

    public_id = PublicIdField()
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    display_name = LineColumn(_("name"), most=NAME_LENGTH, blank=True)
    bio = LineColumn(_("about you"), most=BIO_LENGTH, blank=True)
    face = models.CharField(
        _("picture"),
        max_length=120,
        blank=True,
        help_text=_(
            "The name in the storage of the picture that they chose; empty where a face is drawn."
        ),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MEMBER)
    part_role = models.CharField(
        _("role on a part"),
        max_length=12,
        choices=PartRole.choices,
        blank=True,
        help_text=_(
            "The most they may do on some products or boards; the rights of the forum say on which."
        ),
    )
    origin = models.CharField(
        _("origin"), max_length=12, choices=Origin.choices, default=Origin.SIGNED_UP
    )
    origin_key = models.CharField(
        _("known there as"),
        max_length=200,
        blank=True,
        help_text=_('Who this is where they came from, as "source:author".'),
    )
    imported_email = models.EmailField(
        _("imported e-mail"),
        blank=True,
        db_index=True,
        help_text=_(
            "The address that an import gave for an author: never shown, never verified, for claiming alone."
        ),
    )
    mark = models.CharField(
        _("mark"),
        max_length=24,
        blank=True,
        help_text=_("The honour or badge that stands beside their name, as its room calls it."),
    )
    language = models.CharField(_("language"), max_length=12, blank=True)
    credit = models.CharField(
        _("when something you asked for ships, you are thanked"),
        max_length=8,
        choices=Credit.choices,
        blank=True,
        help_text=_("Empty: members by name, imported authors counted."),
    )
    rules_accepted_at = models.DateTimeField(_("accepted the rules at"), null=True, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(
        _("operator"), default=False, help_text=_("May open the operator's admin.")
    )
    joined_at = models.DateTimeField(_("joined at"), auto_now_add=True)
    muted_until = models.DateTimeField(
        _("muted until"),
        null=True,
        blank=True,
        help_text=_("Until then they read and vote, and write nothing."),
    )
    here_at = models.DateTimeField(
        _("here at"), null=True, blank=True, help_text=_("When they last looked.")
    )
    here_before = models.DateTimeField(
        _("here before"),
        null=True,
        blank=True,
        help_text=_("When the visit before this one ended."),
    )
    suspended_until = models.DateTimeField(
        _("suspended until"), null=True, blank=True, help_text=_("Until then they cannot sign in.")
    )

    acts_for = models.ForeignKey(
        "self",
        verbose_name=_("acts for"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agents",
        db_index=False,  # few have it: see the index below
        help_text=_(
            "Whose agent this account is: a program that posts what it saw. Empty for a person."
        ),
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["origin_key"], condition=~Q(origin_key=""), name="accounts_origin_once"
            ),
            models.CheckConstraint(
                condition=Q(origin="SIGNED_UP") | Q(role="MEMBER", part_role=""),
                name="accounts_imported_is_member",
            ),
        ]
        indexes = [
            models.Index(
                fields=["acts_for"],
                condition=Q(acts_for__isnull=False),
                name="accounts_agents",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name to show, that of a guest and of an agent marked as one wherever it stands."""
        if self.is_agent:
            known_as = self.display_name or gettext("Member %(id)s") % {"id": self.public_id[:4]}
            return gettext("%(name)s (agent)") % {"name": known_as}
        if self.display_name:
            return self.display_name + (_guest_mark() if self.is_guest else "")
        if not self.is_active:
            return gettext("Former member")
        if self.is_guest:
            return gettext("Guest")
        if self.origin == Origin.ANONYMOUS:
            return gettext("Anonymous")
        return gettext("Member %(id)s") % {"id": self.public_id[:4]}

    @property
    def is_agent(self) -> bool:
        """Whether this is no person but a program that acts for one: its words count once that person confirms them."""
        return self.acts_for_id is not None

    @property
    def is_guest(self) -> bool:
        """Whether this person posted here without an account."""
        return self.origin_key.startswith((f"{GUEST}:", f"{GUEST}#"))

    @property
    def face_key(self) -> str:
        """What names the picture that they chose among all they ever chose, "" where a face is drawn."""
        return self.face.rpartition("-")[2].partition(".")[0]

    @property
    def face_address(self) -> str:
        """Where the picture is read that they chose, "" where a face is drawn."""
        return reverse("accounts:face", args=[self.public_id, self.face_key]) if self.face else ""

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_team(self) -> bool:
        """Whether this person reads what the team reads: `IN_TEAM`."""
        on_site = self.role != Role.MEMBER
        return self.is_active and (on_site or self.part_role == PartRole.MANAGER)

    @property
    def role_label(self) -> str:
        """What they are here, in the reader's language: their role on the site, else the one on a part of it."""
        if self.role == Role.MEMBER and self.part_role:
            return str(PartRole(self.part_role).label)
        return str(Role(self.role).label)

    @property
    def has_duties(self) -> bool:
        """Whether this person is of the team, or looks after a board."""
        return self.is_team or self.is_part_moderator

    @property
    def is_part_moderator(self) -> bool:
        """Whether this person keeps order on some products or boards at least."""
        return self.is_active and self.part_role != ""

    @property
    def is_part_manager(self) -> bool:
        """Whether this person decides about some products at least."""
        return self.is_active and self.part_role == PartRole.MANAGER

    @property
    def is_moderator(self) -> bool:
        """Whether this person acts for the team on the whole site: keeps order, judges, drafts."""
        return self.is_active and self.role in (Role.MODERATOR, Role.MANAGER, Role.ADMIN)

    @property
    def is_manager(self) -> bool:
        """Whether this person may decide on the whole site: group, adopt, decline, ship."""
        return self.is_active and self.role in (Role.MANAGER, Role.ADMIN)

    @property
    def is_administrator(self) -> bool:
        """Whether this person may take a whole product away."""
        return self.is_active and self.role == Role.ADMIN

    @property
    def is_named_in_credits(self) -> bool:
        """Whether this person is thanked by name: `NAMED_IN_CREDITS`, and has one."""
        chosen = self.credit or (
            Credit.NAMED if self.origin == Origin.SIGNED_UP else Credit.COUNTED
        )
        return self.is_active and bool(self.display_name) and chosen == Credit.NAMED

    @property
    def can_be_told(self) -> bool:
        """Whether a notice reaches this person: imported authors hear once they have claimed their words."""
        return self.is_active and self.origin == Origin.SIGNED_UP


def _guest_mark() -> str:
    return gettext("%(name)s (guest)") % {"name": ""}


def without_mark(name: str) -> str:
    """Return ``name`` as it is kept, which stands marked beside the posts of a guest."""
    return name.removesuffix(_guest_mark())


class RateBucket(models.Model):
    """How often something was done in one stretch of time, by whom ``key`` names."""

    key = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    hits = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "starts_at"], name="accounts_bucket_once")
        ]
        indexes = [models.Index(fields=["starts_at"], name="accounts_bucket_age")]

    def __str__(self) -> str:
        return f"{self.key}: {self.hits}"
