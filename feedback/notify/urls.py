"""Addresses of what people are told."""

from django.urls import path

from feedback.notify.channels.inbox import views as inbox

app_name = "notify"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read-all/", inbox.read_all, name="read-all"),
    path("inbox/<slug:public_id>/", inbox.notice_open, name="notice-open"),
]
