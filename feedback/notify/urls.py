"""Addresses of what people are told."""

from django.urls import path

from feedback.notify.channels.inbox import views as inbox
from feedback.notify.channels.webhook.views import webhook_open

app_name = "notify"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/webhooks/<slug:public_id>/", webhook_open, name="webhook-open"),
    path("inbox/read-all/", inbox.read_all, name="read-all"),
    path("inbox/<slug:public_id>/", inbox.notice_open, name="notice-open"),
]
