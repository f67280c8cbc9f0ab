"""Addresses of asks."""

from django.urls import path

from feedback.asks import card, views
from feedback.asks.answering.views import group_reply
from feedback.kernel import url_converters

url_converters.register()

app_name = "asks"

urlpatterns = [
    path("asks/", views.ask_list, name="ask-list"),
    path("asks/<public_id:public_id>/", views.ask_detail, name="ask-detail"),
    path("asks/<public_id:public_id>/picture.png", card.ask_picture, name="ask-picture"),
    path("asks/<public_id:public_id>/reply/", group_reply, name="group-reply"),
    path("asks/<public_id:public_id>/vote/", views.ask_vote, name="ask-vote"),
    path(
        "posts/<public_id:public_id>/contest/", views.membership_contest, name="membership-contest"
    ),
]
