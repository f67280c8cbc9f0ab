"""Everything that can happen, as the journal calls it: "room.past-tense".

A verb is for ever: it stands in the entries of every site. A room that has something new to tell adds it here.
"""

from enum import StrEnum


class Verb(StrEnum):
    """What happened. The name is the verb without its room."""

    # accounts
    MAIL_TRIED = "accounts.mail-tried"
    AUTHOR_CLAIMED = "accounts.author-claimed"
    CLAIM_UNDONE = "accounts.claim-undone"
    CLAIM_CODE_MADE = "accounts.claim-code-made"
    CLAIM_CODE_WITHDRAWN = "accounts.claim-code-withdrawn"
    UNCLAIMED_MAIL_ALLOWED = "accounts.unclaimed-mail-allowed"
    UNCLAIMED_MAIL_FORBIDDEN = "accounts.unclaimed-mail-forbidden"
    PERSON_ERASED = "accounts.person-erased"

    # desk
    FIRST_STEPS_PUT_AWAY = "desk.first-steps-put-away"
    FIRST_STEPS_TAKEN_OUT = "desk.first-steps-taken-out"

    # forum
    PRODUCT_MADE = "forum.product-made"
    PRODUCT_EDITED = "forum.product-edited"
    BOARD_MADE = "forum.board-made"
    BOARD_EDITED = "forum.board-edited"
    BOARD_READERS_CHANGED = "forum.board-readers-changed"
    BOARD_MEMBER_NAMED = "forum.board-member-named"
    BOARD_MEMBER_TAKEN_OFF = "forum.board-member-taken-off"
    POST_PUBLISHED = "forum.post-published"
    POST_CHANGED_BOARD = "forum.post-changed-board"
    POST_EDITED = "forum.post-edited"
    POST_HIDDEN = "forum.post-hidden"
    POST_SHOWN = "forum.post-shown"
    POST_WITHDRAWN = "forum.post-withdrawn"
    POSTS_IMPORTED = "forum.posts-imported"
    COMMENTED = "forum.commented"
    COMMENT_EDITED = "forum.comment-edited"
    MENTIONED = "forum.mentioned"
    ANSWER_ACCEPTED = "forum.answer-accepted"
    ANSWER_NOT_ACCEPTED = "forum.answer-not-accepted"
    COMMENT_HIDDEN = "forum.comment-hidden"
    COMMENT_SHOWN = "forum.comment-shown"
    FLAGGED = "forum.flagged"
    HELD = "forum.held"
    MODERATED = "forum.moderated"
    MODERATION_UNDONE = "forum.moderation-undone"
    APPEALED = "forum.appealed"
    FLAGS_ANSWERED = "forum.flags-answered"
    RULE_EDITED = "forum.rule-edited"
    WORD_RULE_EDITED = "forum.word-rule-edited"
    HOLDING_EDITED = "forum.holding-edited"
    CONSENTS_CHOSEN = "forum.consents-chosen"
    VOTED = "forum.voted"
    UNVOTED = "forum.unvoted"

    # asks
    ASK_CONFIRMED = "asks.ask-confirmed"
    ASK_DISMISSED = "asks.ask-dismissed"
    ASK_RENAMED = "asks.ask-renamed"
    ASK_LOCKED = "asks.ask-locked"
    ASK_UNLOCKED = "asks.ask-unlocked"
    ASK_JOINED = "asks.ask-joined"
    ASK_SPLIT = "asks.ask-split"
    ASKS_APART = "asks.asks-apart"
    POST_MOVED = "asks.post-moved"
    POSTS_TOGETHER = "asks.posts-together"
    POSTS_APART = "asks.posts-apart"
    POST_CONTESTED = "asks.post-contested"
    CONTEST_REFUSED = "asks.contest-refused"
    POSTS_REHOUSED = "asks.posts-rehoused"
    DECISION_UNDONE = "asks.decision-undone"
    ASK_ANSWERED = "asks.ask-answered"
    ASK_DECLINED = "asks.ask-declined"
    ASK_REOPENED = "asks.ask-reopened"
    AREA_MADE = "asks.area-made"
    AREA_CONFIRMED = "asks.area-confirmed"
    AREA_RENAMED = "asks.area-renamed"
    AREAS_JOINED = "asks.areas-joined"
    AREA_DISSOLVED = "asks.area-dissolved"
    ASKS_PUT = "asks.asks-put"

    # grouping
    RUN_FINISHED = "grouping.run-finished"
    AREAS_ARRANGED = "grouping.areas-arranged"
    MODEL_TAKEN = "grouping.model-taken"
    MODEL_SET_ASIDE = "grouping.model-set-aside"
    MODEL_REMOVED = "grouping.model-removed"

    # measure
    CALIBRATED = "measure.calibrated"
    ALERT_RAISED = "measure.alert-raised"
    ALERT_SEEN = "measure.alert-seen"
    ALERT_UNSEEN = "measure.alert-unseen"

    # roadmap
    ITEM_ADOPTED = "roadmap.item-adopted"
    ITEM_MOVED = "roadmap.item-moved"
    ITEM_SHIPPED = "roadmap.item-shipped"
    ITEM_DECLINED = "roadmap.item-declined"
    ITEM_EDITED = "roadmap.item-edited"
    ITEM_JOINED = "roadmap.item-joined"
    ITEM_SPLIT = "roadmap.item-split"
    ITEM_RESHAPING_UNDONE = "roadmap.item-reshaping-undone"
    ASK_LINKED = "roadmap.ask-linked"
    ASK_UNLINKED = "roadmap.ask-unlinked"
    COLUMNS_CHOSEN = "roadmap.columns-chosen"
    REPORT_OPENED = "roadmap.report-opened"
    REPORT_CLOSED = "roadmap.report-closed"
    REPORT_LINE_POINTED = "roadmap.report-line-pointed"
    ITEM_PROMISED = "roadmap.item-promised"
    TRAIN_CHANGED = "roadmap.train-changed"
    RELEASE_PLANNED = "roadmap.release-planned"
    RELEASE_MOVED = "roadmap.release-moved"
    RELEASE_SLIPPED = "roadmap.release-slipped"
    RELEASE_SKIPPED = "roadmap.release-skipped"
    RELEASE_STOPPED = "roadmap.release-stopped"
    RELEASE_RESUMED = "roadmap.release-resumed"
    RELEASE_EDITED = "roadmap.release-edited"
    RELEASED = "roadmap.released"
    RING_OPENED = "roadmap.ring-opened"
    RING_INVITED = "roadmap.ring-invited"
    RING_ANSWERED = "roadmap.ring-answered"
    RING_TAKEN_OUT = "roadmap.ring-taken-out"
    RING_CLOSED = "roadmap.ring-closed"

    # briefs
    BRIEF_DRAFTED = "briefs.brief-drafted"
    BRIEF_EDITED = "briefs.brief-edited"
    BRIEF_PUBLISHED = "briefs.brief-published"
    BRIEF_CORRECTED = "briefs.brief-corrected"
    BRIEF_WITHDRAWN = "briefs.brief-withdrawn"

    # notify
    REPLY_REFUSED = "notify.reply-refused"
    WEBHOOK_ADDED = "notify.webhook-added"
    WEBHOOK_EDITED = "notify.webhook-edited"
    WEBHOOK_SWITCHED_ON = "notify.webhook-switched-on"
    WEBHOOK_SWITCHED_OFF = "notify.webhook-switched-off"
    WEBHOOK_REMOVED = "notify.webhook-removed"

    # importing
    IMPORT_UNDONE = "importing.import-undone"

    # sample
    SAMPLE_REMOVED = "sample.sample-removed"
