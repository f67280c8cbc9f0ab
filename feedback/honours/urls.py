"""Addresses of levels and honours."""

from django.urls import path

from feedback.honours import views
from feedback.kernel import url_converters

url_converters.register()

app_name = "honours"
urlpatterns = [
    path("trust/", views.trust, name="trust"),
    path("honours/", views.board, name="board"),
    path("honours/<public_id:public_id>/", views.honour_detail, name="honour-detail"),
]
