"""Addresses of the inbox."""

from django.urls import path

from feedback.notify import views

app_name = "notify"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read-all/", views.read_all, name="read-all"),
    path("inbox/<slug:public_id>/", views.notice_open, name="notice-open"),
]
