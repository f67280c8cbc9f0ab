"""What is done for order: every verb of it that the journal knows, by its kind, and what it is called.

The internal log is made of these. `tests/forum/moderation/test_log.py` asks of each verb whether it is one.
"""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.journal.verbs import Verb


class Act(TextChoices):
    """A kind of act."""

    REPORTS = "REPORTS", _("Reports and appeals")
    HELD = "HELD", pgettext_lazy("kind of act", "Held")
    DECISIONS = "DECISIONS", pgettext_lazy("kind of act", "Decisions in cases")
    SIGHT = "SIGHT", _("Hidden and shown")
    PLACE = "PLACE", _("Moved, pinned and locked")
    RIGHTS = "RIGHTS", _("Roles and rights")
    PEOPLE = "PEOPLE", pgettext_lazy("kind of act", "Accounts")
    RULES = "RULES", _("Rules and settings")


KINDS: dict[Act, dict[Verb, str | Promise]] = {
    Act.REPORTS: {
        Verb.FLAGGED: pgettext_lazy("act of order", "Reported"),
        Verb.APPEALED: pgettext_lazy("act of order", "Appealed"),
    },
    Act.HELD: {
        Verb.HELD: pgettext_lazy("act of order", "Held"),
    },
    Act.DECISIONS: {
        Verb.MODERATED: pgettext_lazy("act of order", "Decided"),
        Verb.MODERATION_UNDONE: _("Took a decision back"),
    },
    Act.SIGHT: {
        Verb.POST_HIDDEN: _("Hid a post"),
        Verb.POST_SHOWN: _("Showed a post"),
        Verb.COMMENT_HIDDEN: _("Hid a comment"),
        Verb.COMMENT_SHOWN: _("Showed a comment"),
        Verb.REPRODUCTION_TAKEN_OFF: _("Took off an “I can reproduce this”"),
        Verb.FACE_REMOVED: _("Removed a profile picture"),
    },
    Act.PLACE: {
        Verb.POST_CHANGED_BOARD: _("Moved a post to another board"),
        Verb.POST_PINNED: _("Pinned a post"),
        Verb.POST_UNPINNED: _("Unpinned a post"),
        Verb.POST_LOCKED: _("Locked a post"),
        Verb.POST_UNLOCKED: _("Unlocked a post"),
    },
    Act.RIGHTS: {
        Verb.RIGHT_GIVEN: _("Gave a role"),
        Verb.RIGHT_TAKEN: _("Took a role away"),
        Verb.ROLE_OFFERED: _("Offered a role"),
        Verb.ROLE_OFFER_WITHDRAWN: _("Withdrew the offer of a role"),
        Verb.BOARD_MEMBER_NAMED: _("Let somebody onto a closed board"),
        Verb.BOARD_MEMBER_TAKEN_OFF: _("Took somebody off a closed board"),
        Verb.BOARD_READERS_CHANGED: _("Changed who reads a board"),
    },
    Act.PEOPLE: {
        Verb.AGENT_MADE: _("Made an account an agent"),
        Verb.AGENT_UNMADE: _("Made an agent a person again"),
        Verb.CLAIM_CODE_MADE: _("Made a code to claim imported words"),
        Verb.CLAIM_CODE_WITHDRAWN: _("Withdrew a code to claim imported words"),
        Verb.CLAIM_UNDONE: _("Undid a claim of imported words"),
        Verb.PERSON_ERASED: _("Closed an account for ever"),
    },
    Act.RULES: {
        Verb.RULE_EDITED: _("Changed a rule"),
        Verb.WORD_RULE_EDITED: _("Changed the words that wait"),
        Verb.HOLDING_EDITED: _("Changed how much of who is new waits"),
        Verb.JOINING_EDITED: _("Changed who may sign up"),
        Verb.QUIZ_EDITED: _("Changed the questions before joining"),
    },
}  # fmt: skip

#: What each act is called.
ACTS: dict[str, str | Promise] = {
    verb.value: called for acts in KINDS.values() for verb, called in acts.items()
}
