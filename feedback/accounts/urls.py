"""Addresses about oneself. Signing in and up is django-allauth's, at /accounts/."""

from django.urls import path

from feedback.accounts import views
from feedback.accounts.claiming import views as claiming
from feedback.accounts.faces import views as faces
from feedback.accounts.handover import views as handover
from feedback.accounts.joining import views as joining
from feedback.accounts.own_data import views as own_data
from feedback.kernel import url_converters

url_converters.register()

app_name = "accounts"

urlpatterns = [
    path("signed-in/", views.after_sign_in, name="after-sign-in"),
    path("settings/", views.profile, name="profile"),
    path("settings/face/", faces.face_change, name="face-change"),
    path("faces/<public_id:public_id>/<public_id:key>.webp", faces.face, name="face"),
    path("hand-over/", handover.opening, name="hand-over"),
    path("hand-over/go/", handover.going_on, name="hand-over-go"),
    path("join/<slug:code>/", joining.invited, name="invited"),
    path("settings/invitations/", joining.invitations, name="invitations"),
    path(
        "settings/invitations/<public_id:public_id>/withdraw/",
        joining.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("settings/data/", own_data.own_data, name="own-data"),
    path("settings/data/export/", own_data.own_data_export, name="own-data-export"),
    path("settings/data/erase/", own_data.own_data_erase, name="own-data-erase"),
    path("claim/", claiming.claim, name="claim"),
    path("claim/mail/", claiming.claim_mail, name="claim-mail"),
    path("claim/code/", claiming.claim_code, name="claim-code"),
    path("claim/<public_id:public_id>/undo/", claiming.claim_undo, name="claim-undo"),
    path("claim/of/<public_id:public_id>/code/", claiming.code_make, name="code-make"),
    path(
        "claim/codes/<public_id:public_id>/withdraw/", claiming.code_withdraw, name="code-withdraw"
    ),
]
