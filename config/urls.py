"""The site's addresses."""

from allauth.account.views import confirm_email
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from feedback.kernel.secret_address import secret_address

handler500 = "feedback.ops.web.away.server_error"


def hooks() -> list[URLPattern | URLResolver]:
    """Return where the mail provider tells what became of mails, and only where it has to prove who it is."""
    if not settings.MAIL_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        return []
    from anymail.urls import urlpatterns as all_hooks  # a package that most sites have no need of

    ours = [one for one in all_hooks if str(one.name).startswith(f"{settings.MAIL_PROVIDER}_")]
    return [path("hooks/mail/", include((ours, "anymail")))]


urlpatterns = [
    *hooks(),
    # Before django-allauth's own, which says to nobody that the page is not to be kept.
    re_path(
        r"^accounts/confirm-email/(?P<key>[-:\w]+)/$",
        secret_address(confirm_email),
        name="account_confirm_email",
    ),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    path("accounts/", include("feedback.accounts.providers.urls")),
    path("admin/", admin.site.urls),
    path("", include("feedback.accounts.urls")),
    path("", include("feedback.identity.urls")),
    path("", include("feedback.forum.urls")),
    path("", include("feedback.asks.urls")),
    path("", include("feedback.roadmap.urls")),
    path("", include("feedback.briefs.urls")),
    path("", include("feedback.honours.urls")),
    path("", include("feedback.notify.urls")),
    path("", include("feedback.desk.urls")),
    path("", include("feedback.site.urls")),
    path("", include("feedback.ops.urls")),
]
