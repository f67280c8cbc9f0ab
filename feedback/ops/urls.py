"""Addresses for load balancers and monitors."""

from django.urls import path

from feedback.ops import views

app_name = "ops"

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
