"""The site's addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The operator signs in where everyone does, and so under the same limits.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("feedback.accounts.urls")),
    path("", include("feedback.forum.urls")),
    path("", include("feedback.asks.urls")),
    path("", include("feedback.roadmap.urls")),
    path("", include("feedback.briefs.urls")),
    path("", include("feedback.notify.urls")),
    path("", include("feedback.desk.urls")),
    path("", include("feedback.site.urls")),
    path("", include("feedback.ops.urls")),
]
