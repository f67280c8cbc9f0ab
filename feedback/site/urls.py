"""Addresses of the site as a whole."""

from django.urls import path

from feedback.site import feeds, views

app_name = "site"

urlpatterns = [
    path("", views.home, name="home"),
    path("products/<slug:slug>/", views.product, name="product"),
    path("feeds/posts/", feeds.feed_posts, name="feed-posts"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("coverage/", views.coverage, name="coverage"),
    path("language/", views.set_language, name="set-language"),
    path("theme/", views.set_theme, name="set-theme"),
]
