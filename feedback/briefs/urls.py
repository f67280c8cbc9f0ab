"""Addresses of the weekly briefs."""

from django.urls import path

from feedback.briefs import views
from feedback.kernel import url_converters

url_converters.register()

app_name = "briefs"
urlpatterns = [
    path("briefs/", views.brief_list, name="brief-list"),
    path("briefs/feed/", views.brief_feed, name="brief-feed"),
    path("briefs/<public_id:public_id>/", views.brief_detail, name="brief-detail"),
]
