"""Addresses of asks."""

from django.urls import path

from feedback.insight import views

app_name = "insight"

urlpatterns = [
    path("asks/", views.ask_list, name="ask-list"),
    path("asks/<str:public_id>/", views.ask_detail, name="ask-detail"),
    path("asks/<str:public_id>/vote/", views.ask_vote, name="ask-vote"),
    path("posts/<str:public_id>/contest/", views.membership_contest, name="membership-contest"),
]
