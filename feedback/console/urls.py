"""Addresses of the team's desk."""

from django.urls import path

from feedback.console import views
from feedback.kernel import addresses

addresses.register()

app_name = "console"

urlpatterns = [
    path("desk/", views.inbox, name="inbox"),
    path("desk/proposals/<public_id:public_id>/", views.proposal, name="proposal"),
    path("desk/asks/", views.ask_list, name="ask-list"),
    path("desk/asks/<public_id:public_id>/", views.ask, name="ask"),
    path("desk/asks/<public_id:public_id>/rename/", views.rename, name="ask-rename"),
    path("desk/asks/<public_id:public_id>/confirm/", views.confirm, name="ask-confirm"),
    path("desk/asks/<public_id:public_id>/dismiss/", views.dismiss, name="ask-dismiss"),
    path("desk/asks/<public_id:public_id>/lock/", views.lock, name="ask-lock"),
    path("desk/asks/<public_id:public_id>/posts/", views.posts_chosen, name="ask-posts"),
    path("desk/asks/<public_id:public_id>/split/", views.split, name="ask-split"),
    path("desk/asks/<public_id:public_id>/move/", views.move, name="ask-move"),
    path("desk/asks/<public_id:public_id>/join/", views.join, name="ask-join"),
    path("desk/asks/<public_id:public_id>/answer/", views.answer, name="ask-answer"),
    path("desk/asks/<public_id:public_id>/adopt/", views.adopt, name="ask-adopt"),
    path("desk/asks/<public_id:public_id>/decline/", views.decline, name="ask-decline"),
    path("desk/asks/<public_id:public_id>/reopen/", views.reopen, name="ask-reopen"),
    path("desk/asks/<public_id:public_id>/area/", views.ask_area, name="ask-area"),
    path("desk/areas/", views.areas, name="areas"),
    path("desk/areas/none/", views.areas_without, name="areas-without"),
    path("desk/areas/confirm/", views.areas_confirm, name="areas-confirm"),
    path("desk/areas/put/", views.areas_put, name="areas-put"),
    path("desk/areas/<public_id:public_id>/", views.area, name="area"),
    path("desk/areas/<public_id:public_id>/rename/", views.area_rename, name="area-rename"),
    path("desk/areas/<public_id:public_id>/join/", views.area_join, name="area-join"),
    path("desk/areas/<public_id:public_id>/dissolve/", views.area_dissolve, name="area-dissolve"),
    path("desk/decisions/", views.decisions, name="decisions"),
    path("desk/decisions/<public_id:public_id>/undo/", views.undo, name="decision-undo"),
    path("desk/questions/", views.questions, name="questions"),
    path("desk/questions/progress/", views.questions_progress, name="questions-progress"),
    path(
        "desk/questions/<public_id:public_id>/answer/",
        views.question_answer,
        name="question-answer",
    ),
    path("desk/questions/<public_id:public_id>/undo/", views.question_undo, name="question-undo"),
    path("desk/too-little/", views.too_little, name="too-little"),
    path("desk/posts/<public_id:public_id>/group/", views.post_group, name="post-group"),
    path("desk/encoder/", views.model, name="model"),
    path("desk/encoder/switch/", views.model_switch, name="model-switch"),
    path("desk/encoder/stay/", views.model_stay, name="model-stay"),
    path("desk/encoder/look/", views.model_look, name="model-look"),
    path("desk/encoder/remove/", views.model_remove, name="model-remove"),
    path("desk/trends/", views.trends, name="trends"),
    path("desk/trends/<public_id:public_id>/seen/", views.alert_seen, name="alert-seen"),
    path("desk/quality/", views.quality, name="quality"),
    path("desk/quality/judge/", views.judge, name="judge"),
    path("desk/quality/judge/answer/", views.judge_answer, name="judge-answer"),
    path("desk/quality/judge/follow/", views.judge_follow, name="judge-follow"),
    path("desk/regroup/", views.regroup, name="regroup"),
    path("desk/progress/", views.progress, name="progress"),
]
