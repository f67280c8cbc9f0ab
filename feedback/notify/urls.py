"""Addresses of what people are told."""

from django.urls import path

from feedback.kernel import url_converters
from feedback.notify.channels.feed import views as feeds
from feedback.notify.channels.inbox import views as inbox
from feedback.notify.channels.push import views as push
from feedback.notify.channels.webhook.views import webhook_open
from feedback.notify.following import views as following
from feedback.notify.wishes import views as wishes

url_converters.register()

app_name = "notify"
urlpatterns = [
    path("feeds/boards/<slug:slug>/", feeds.feed_board, name="feed-board"),
    path("feeds/posts/<public_id:public_id>/", feeds.feed_post, name="feed-post"),
    path("feeds/people/<public_id:public_id>/", feeds.feed_person, name="feed-person"),
    path("feeds/search/", feeds.feed_search, name="feed-search"),
    path("feeds/own/<slug:key>/boards/<slug:slug>/", feeds.feed_own, name="feed-own"),
    path("feeds/asks/<public_id:public_id>/", feeds.feed_ask, name="feed-ask"),
    path("feeds/answers/", feeds.feed_answers, name="feed-answers"),
    path("feeds/roadmap/", feeds.feed_roadmap, name="feed-roadmap"),
    path("roadmap/feed/", feeds.feed_roadmap_before, name="feed-roadmap-before"),
    path("follow/<slug:about>/<slug:key>/", following.follow, name="follow"),
    path("settings/news/", wishes.wishes, name="wishes"),
    path(
        "settings/news/followed/<int:subscription_id>/remove/",
        following.subscription_remove,
        name="subscription-remove",
    ),
    path("settings/news/feeds/", feeds.feed_key, name="feed-key"),
    path("settings/news/feeds/remove/", feeds.feed_key_remove, name="feed-key-remove"),
    path("settings/news/send-again/", wishes.send_again, name="send-again"),
    path("settings/news/devices/", push.device_on, name="device-on"),
    path("settings/news/devices/renew/", push.device_renew, name="device-renew"),
    path("settings/news/devices/<public_id:public_id>/off/", push.device_off, name="device-off"),
    path(
        "settings/news/devices/<public_id:public_id>/trial/", push.device_trial, name="device-trial"
    ),
    path("push-worker.js", push.worker, name="push-worker"),
    path("mute/<str:token>/", wishes.mute, name="mute"),
    path("unsubscribe/<str:token>/", wishes.unsubscribe, name="unsubscribe"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/webhooks/<slug:public_id>/", webhook_open, name="webhook-open"),
    path("inbox/read-all/", inbox.read_all, name="read-all"),
    path("inbox/<slug:public_id>/", inbox.notice_open, name="notice-open"),
]
