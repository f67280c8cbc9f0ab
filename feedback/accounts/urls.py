"""Addresses about oneself. Signing in and up is django-allauth's, at /accounts/."""

from django.urls import path

from feedback.accounts import views

app_name = "accounts"

urlpatterns = [
    path("signed-in/", views.after_sign_in, name="after-sign-in"),
    path("settings/", views.profile, name="profile"),
]
