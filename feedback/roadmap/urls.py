"""Addresses of the roadmap."""

from django.urls import path

from feedback.kernel import url_converters
from feedback.roadmap import views
from feedback.roadmap.board import views as board
from feedback.roadmap.cards import views as cards
from feedback.roadmap.changelog import views as changelog
from feedback.roadmap.columns.views import columns
from feedback.roadmap.lineage import views as lineage
from feedback.roadmap.moving.views import item_place
from feedback.roadmap.reports import views as reports
from feedback.roadmap.ring import views as ring
from feedback.roadmap.story import views as story
from feedback.roadmap.train import views as train

url_converters.register()

app_name = "roadmap"
urlpatterns = [
    path("roadmap/", board.roadmap, name="roadmap"),
    path("roadmap/columns/", columns, name="columns"),
    path("roadmap/<public_id:public_id>/", views.item_detail, name="item-detail"),
    path("roadmap/<public_id:public_id>/picture.png", cards.item_picture, name="item-picture"),
    path("roadmap/<public_id:public_id>/to/", item_place, name="item-place"),
    path("roadmap/<public_id:public_id>/move/", views.item_move, name="item-move"),
    path("roadmap/<public_id:public_id>/ship/", views.item_ship, name="item-ship"),
    path("roadmap/<public_id:public_id>/edit/", views.item_edit, name="item-edit"),
    path("roadmap/<public_id:public_id>/private/", views.item_private, name="item-private"),
    path("roadmap/<public_id:public_id>/link/", views.item_link_ask, name="item-link-ask"),
    path("roadmap/<public_id:public_id>/unlink/", views.item_unlink_ask, name="item-unlink-ask"),
    path("roadmap/<public_id:public_id>/join/", lineage.item_join, name="item-join"),
    path("roadmap/<public_id:public_id>/split/", lineage.item_split, name="item-split"),
    path(
        "roadmap/<public_id:public_id>/undo/<int:pk>/",
        lineage.item_undo,
        name="item-undo-reshaping",
    ),
    path("releases/", changelog.release_list, name="release-list"),
    path("releases/<version:version>/", train.release_detail, name="release-detail"),
    path("releases/<version:version>/picture.png", cards.release_picture, name="release-picture"),
    path("releases/<version:version>/move/", train.release_move, name="release-move"),
    path("releases/<version:version>/slip/", train.release_slip, name="release-slip"),
    path("releases/<version:version>/halt/", train.release_halt, name="release-halt"),
    path("releases/<version:version>/resume/", train.release_resume, name="release-resume"),
    path("releases/<version:version>/leave/", train.release_leave, name="release-leave"),
    path("releases/<version:version>/notes/", train.release_notes, name="release-notes"),
    path("releases/<version:version>/draft/", train.release_draft, name="release-draft"),
    path("releases/<version:version>/preview/", train.release_preview, name="release-preview"),
    path("releases/<version:version>/days/", train.release_days, name="release-days"),
    path("releases/<version:version>/ring/", ring.ring, name="ring"),
    path("releases/<version:version>/ring/open/", ring.ring_open, name="ring-open"),
    path("releases/<version:version>/ring/more/", ring.ring_more, name="ring-more"),
    path("releases/<version:version>/ring/invite/", ring.ring_invite, name="ring-invite"),
    path("releases/<version:version>/ring/answer/", ring.ring_answer, name="ring-answer"),
    path(
        "releases/<version:version>/ring/<public_id:public_id>/out/",
        ring.ring_out,
        name="ring-out",
    ),
    path("releases/<version:version>/problem/", train.release_problem, name="release-problem"),
    path("releases/<version:version>/link/", train.release_link, name="release-link"),
    path(
        "releases/<version:version>/line/<public_id:public_id>/",
        train.release_line,
        name="release-line",
    ),
    path("shipped/<public_id:public_id>/", story.story_mine, name="story-mine"),
    path("shipped/<public_id:public_id>/<public_id:person>/", story.story, name="story"),
    path(
        "shipped/<public_id:public_id>/<public_id:person>/picture.png",
        story.story_picture,
        name="story-picture",
    ),
    path("roadmap/widget/", board.roadmap_widget, name="roadmap-widget"),
    path("changelog/feed/", changelog.changelog_feed, name="changelog-feed"),
    path("changelog/widget/", changelog.changelog_widget, name="changelog-widget"),
    path("train/", train.train, name="train"),
    path("train/plan/", train.train_plan, name="train-plan"),
    path("releases/<version:version>/report/", reports.report, name="report"),
    path("releases/<version:version>/report/near/", reports.report_near, name="report-near"),
    path("releases/<version:version>/results/", reports.report_results, name="report-results"),
]
