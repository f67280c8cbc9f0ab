"""What people are told of, as they choose it: groups of occasions, what may be followed, when it is mailed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """What a person wants to hear of, or not, as one."""

    ASKS = "ASKS", _("What the team says to what you asked for or wanted")
    ROADMAP = "ROADMAP", _("How far it has come: planned, begun, shipped, declined")
    REPORTS = "REPORTS", _("How a release was: its report, and what came of it")
    GROUPED = "GROUPED", _("Which ask your posts belong to")
    REPLIES = "REPLIES", _("Who answers under your posts")
    FOLLOWED = "FOLLOWED", _("What is new in boards and of people you follow")
    MODERATION = "MODERATION", _("What the team does with your posts")
    BRIEFS = "BRIEFS", _("The weekly brief, where you follow it")
    HONOURS = "HONOURS", _("Honours that the team gives you")


class Pace(models.TextChoices):
    """When a group is mailed."""

    NOW = "NOW", _("At once")
    DAILY = "DAILY", _("Once a day")
    WEEKLY = "WEEKLY", _("Once a week")
    NEVER = "NEVER", _("Not by mail")


class About(models.TextChoices):
    """What may be followed or muted."""

    POST = "POST", _("Post")
    ASK = "ASK", _("Ask")
    ITEM = "ITEM", _("Roadmap item")
    BOARD = "BOARD", _("Board")
    AREA = "AREA", _("Area")
    PERSON = "PERSON", _("Person")
    RELEASE = "RELEASE", _("Release")
    BRIEF = "BRIEF", _("Weekly brief")


#: How a group is mailed to who never said.
USUAL: dict[str, Pace] = {
    Group.ASKS: Pace.NOW,
    Group.ROADMAP: Pace.NOW,
    Group.REPORTS: Pace.DAILY,
    Group.GROUPED: Pace.DAILY,
    Group.REPLIES: Pace.NOW,
    Group.FOLLOWED: Pace.DAILY,
    Group.MODERATION: Pace.NOW,
    Group.BRIEFS: Pace.NOW,
    Group.HONOURS: Pace.NOW,
}
#: Groups that are shown on the devices of who never said: what concerns one's own words.
USUALLY_PUSHED = frozenset(
    {
        Group.ASKS,
        Group.ROADMAP,
        Group.REPORTS,
        Group.GROUPED,
        Group.REPLIES,
        Group.MODERATION,
        Group.HONOURS,
    }
)
#: Groups that nobody can mute by muting what they are about: what was done to one's own words.
NEVER_MUTED = frozenset({Group.MODERATION})
