"""Addresses of what the pages load of the site's look."""

from django.urls import path

from feedback.identity import views
from feedback.kernel import url_converters

url_converters.register()

app_name = "identity"

urlpatterns = [
    path("look/<int:way>/<slug:colour>.css", views.sheet, name="sheet"),
    path("look/<int:way>/<slug:colour>.svg", views.mark, name="mark"),
    path("look/<public_id:key>/<str:name>", views.logo_file, name="logo"),
]
