"""Addresses of the forum."""

from django.urls import path

from feedback.forum.agents import views as agents
from feedback.forum.attachments import views as attachments
from feedback.forum.board_fields import views as asking
from feedback.forum.boards import views as boards
from feedback.forum.cards import views as cards
from feedback.forum.comments import views as comments
from feedback.forum.consents import views as consents
from feedback.forum.customers import views as customers
from feedback.forum.guests.views import guest_post
from feedback.forum.moderation import views as moderation
from feedback.forum.pins import views as pins
from feedback.forum.polls import views as polls
from feedback.forum.posts import compose, hints
from feedback.forum.posts import views as posts
from feedback.forum.prompts import views as prompts
from feedback.forum.rights import views as rights
from feedback.forum.search import views as finding
from feedback.forum.translating.views import translation, translation_want
from feedback.forum.votes import views as votes
from feedback.forum.witnessing import views as witnessing
from feedback.kernel import url_converters

url_converters.register()

app_name = "forum"

urlpatterns = [
    path("boards/<slug:slug>/", boards.board_detail, name="board-detail"),
    path("boards/<slug:slug>/picture.png", cards.board_picture, name="board-picture"),
    path("attachments/", attachments.attachment_create, name="attachment-create"),
    path("attachments/<public_id:public_id>/", attachments.attachment, name="attachment"),
    path(
        "attachments/<public_id:public_id>/small/",
        attachments.attachment_small,
        name="attachment-small",
    ),
    path(
        "attachments/<public_id:public_id>/remove/",
        attachments.attachment_remove,
        name="attachment-remove",
    ),
    path("posts/new/", compose.post_create, name="post-create"),
    path("posts/preview/", compose.post_preview, name="post-preview"),
    path("posts/draft/", compose.draft_save, name="draft-save"),
    path("posts/draft/<public_id:key>/discard/", compose.draft_discard, name="draft-discard"),
    path("posts/fields/", asking.post_fields, name="post-fields"),
    path("posts/similar/", hints.post_similar, name="post-similar"),
    path("posts/proposal/", hints.post_proposal, name="post-proposal"),
    path("posts/<public_id:public_id>/", posts.post_detail, name="post-detail"),
    path("posts/<public_id:public_id>/picture.png", cards.post_picture, name="post-picture"),
    path("posts/<public_id:public_id>/sent/<slug:key>/", guest_post, name="guest-post"),
    path("posts/<public_id:public_id>/edit/", compose.post_edit, name="post-edit"),
    path("posts/<public_id:public_id>/withdraw/", posts.post_withdraw, name="post-withdraw"),
    path("posts/<public_id:public_id>/vote/", votes.post_vote, name="post-vote"),
    path("posts/<public_id:public_id>/importance/", votes.post_importance, name="post-importance"),
    path("posts/<public_id:public_id>/me-too/", witnessing.post_reproduce, name="post-reproduce"),
    path("posts/<public_id:public_id>/same-as/", witnessing.post_same_as, name="post-same-as"),
    path(
        "reproductions/<public_id:public_id>/confirm/",
        witnessing.reproduction_confirm,
        name="reproduction-confirm",
    ),
    path(
        "reproductions/<public_id:public_id>/remove/",
        witnessing.reproduction_remove,
        name="reproduction-remove",
    ),
    path("posts/<public_id:public_id>/voters/", votes.post_voters, name="post-voters"),
    path("posts/<public_id:public_id>/customer/", customers.customer_vote, name="customer-vote"),
    path(
        "customer-votes/<public_id:public_id>/remove/",
        customers.customer_vote_remove,
        name="customer-vote-remove",
    ),
    path("posts/<public_id:public_id>/poll/", polls.poll_create, name="poll-create"),
    path("polls/<public_id:public_id>/answer/", polls.poll_answer, name="poll-answer"),
    path("polls/<public_id:public_id>/close/", polls.poll_close, name="poll-close"),
    path("polls/<public_id:public_id>/remove/", polls.poll_remove, name="poll-remove"),
    path("posts/<public_id:public_id>/pin/", pins.post_pin, name="post-pin"),
    path("posts/<public_id:public_id>/unpin/", pins.post_unpin, name="post-unpin"),
    path("posts/<public_id:public_id>/lock/", pins.post_lock, name="post-lock"),
    path("posts/<public_id:public_id>/unlock/", pins.post_unlock, name="post-unlock"),
    path("posts/<public_id:public_id>/hide/", posts.post_hide, name="post-hide"),
    path("posts/<public_id:public_id>/show/", posts.post_show, name="post-show"),
    path("posts/<public_id:public_id>/history/", posts.post_history, name="post-history"),
    path("posts/<public_id:public_id>/uses/", consents.post_consents, name="post-consents"),
    path("posts/<public_id:public_id>/comments/", comments.comment_create, name="comment-create"),
    path("posts/<public_id:public_id>/people/", comments.people_named, name="people-named"),
    path("comments/<public_id:public_id>/", comments.comment_detail, name="comment-detail"),
    path("comments/<public_id:public_id>/reply/", comments.comment_reply, name="comment-reply"),
    path("comments/<public_id:public_id>/edit/", comments.comment_edit, name="comment-edit"),
    path(
        "comments/<public_id:public_id>/withdraw/",
        comments.comment_withdraw,
        name="comment-withdraw",
    ),
    path(
        "comments/<public_id:public_id>/history/", comments.comment_history, name="comment-history"
    ),
    path("comments/<public_id:public_id>/react/", comments.comment_react, name="comment-react"),
    path("comments/<public_id:public_id>/accept/", comments.comment_accept, name="comment-accept"),
    path("comments/<public_id:public_id>/hide/", comments.comment_hide, name="comment-hide"),
    path("comments/<public_id:public_id>/show/", comments.comment_show, name="comment-show"),
    path("translate/<slug:kind>/<public_id:public_id>/", translation_want, name="translate"),
    path("translations/<public_id:public_id>/", translation, name="translation"),
    path("report/<slug:kind>/<public_id:public_id>/", moderation.thing_flag, name="flag"),
    path("moderation/<public_id:public_id>/", moderation.ruling_detail, name="ruling"),
    path("team/<slug:code>/", rights.offer, name="offer"),
    path("rules/", moderation.rules, name="rules"),
    path("rules/log/", moderation.rules_log, name="rules-log"),
    path("settings/words/", consents.consents, name="consents"),
    path("search/", finding.search_posts, name="search"),
    path("settings/agents/", agents.agents, name="agents"),
    path(
        "posts/<public_id:public_id>/stand-by/",
        agents.agent_post_confirm,
        name="agent-post-confirm",
    ),
    path("posts/<public_id:public_id>/prompt/", prompts.post_prompt, name="post-prompt"),
    path("people/<public_id:public_id>/agent/", agents.person_agent, name="person-agent"),
    path("people/<public_id:public_id>/", finding.person_detail, name="person-detail"),
]
