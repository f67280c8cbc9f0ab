"""The page on which people take their data with them, and have themselves erased."""

import tempfile
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts import signing_out
from feedback.accounts.limits import spend
from feedback.accounts.models import User
from feedback.accounts.own_data.erasing import ask_erasure
from feedback.accounts.own_data.exporting import EXPORTS, write_export
from feedback.accounts.permissions import member_of, member_required
from feedback.kernel import clock
from feedback.kernel.identity import site_name
from feedback.kernel.refusals import beside, status_of
from feedback.kernel.typed import LineField

#: Bytes of an export that are held in memory; a larger one is written to the disk.
_IN_MEMORY = 5_000_000


class ErasureForm(forms.Form):
    """What becomes of the words, and that it is meant."""

    words = forms.ChoiceField(
        label=gettext_lazy("Your posts and comments"),
        choices=[
            ("stay", gettext_lazy("Stay, by “Former member”: others answered them")),
            (
                "go",
                gettext_lazy("Go, with your votes: where others answered, an empty place stays"),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what becomes of them.")},
    )
    name = LineField(
        label=gettext_lazy("To be sure, type your e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._wanted = (person.email or person.name).casefold()
        if not person.email:
            self.fields["name"].label = _("To be sure, type your name")

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if typed.casefold() != self._wanted:
            raise forms.ValidationError(_("That is not what stands in your settings."))
        return typed


@require_safe
@member_required
def own_data(request: HttpRequest) -> HttpResponseBase:
    """Show what one can take along, and the way out."""
    return render(request, "accounts/own_data/own_data.html", {"person": member_of(request)})


@member_required
@require_POST
def own_data_export(request: HttpRequest) -> HttpResponseBase:
    """Give a person all that is theirs, as one file."""
    member, now = member_of(request), clock.now()
    spend(EXPORTS, member, now=now)
    # Handed to the answer, which closes it.
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    write_export(member, file, site=site_name(), now=now)
    file.seek(0)
    name = f"{slugify(site_name()) or 'heed'}-{member.public_id}-{now.date()}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_data_erase(request: HttpRequest) -> HttpResponseBase:
    """Have oneself erased, after being asked what becomes of one's words and to type one's address."""
    member = member_of(request)
    is_sent = request.method == "POST"
    form = ErasureForm(request.POST, person=member) if is_sent else ErasureForm(person=member)
    if is_sent and form.is_valid():
        with beside(form):
            keeps_words = form.cleaned_data["words"] == "stay"
            ask_erasure(person=member, keeps_words=keeps_words, actor=member, now=clock.now())
            signing_out.end(request)
            logout(request)
            messages.success(
                request, _("Your account is closed. What is yours is being erased now. Farewell.")
            )
            return redirect("/")
    return render(
        request, "accounts/own_data/own_data_erase.html", {"form": form}, status=status_of(form)
    )
