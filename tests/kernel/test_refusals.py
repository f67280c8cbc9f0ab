"""One way a refusal reaches a person: a sentence, where they are."""

import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import Http404
from django.test import RequestFactory

from feedback.kernel.htmx import go_to, is_htmx, refresh, template_for, varies
from feedback.kernel.refusals import Refusal, RefusalMiddleware, beside, told
from feedback.kernel.way_back import came_from, page_above

FEEDBACK = Path(__file__).resolve().parents[2] / "feedback"
ASK = "/desk/asks/23456789abc/"
HTMX = {"HX-Request": "true"}


def asked(method="post", path=ASK + "rename/", **more):
    request = getattr(RequestFactory(), method)(path, **more)
    request._messages = CookieStorage(request)
    return request


def answer_to(request, error):
    return RefusalMiddleware(lambda request: None).process_exception(request, error)


def sentences(request):
    return [str(message) for message in get_messages(request)]


# --- Answering ----------------------------------------------------------------------------------------------
def test_a_form_that_is_refused_leads_back_to_where_it_stood():
    request = asked(HTTP_REFERER="http://testserver/desk/asks/?q=dark")
    answer = answer_to(request, Refusal("Give the ask a title."))
    assert (answer.status_code, answer["Location"]) == (302, "http://testserver/desk/asks/?q=dark")
    assert sentences(request) == ["Give the ask a title."]


@pytest.mark.parametrize("origin", ["", "http://evil.example/", "//evil.example/"])
def test_it_leads_to_the_page_above_when_it_came_from_nowhere_or_elsewhere(origin):
    assert answer_to(asked(HTTP_REFERER=origin), Refusal("No."))["Location"] == ASK


@pytest.mark.parametrize("request_of", [asked(headers=HTMX), asked("get")])
def test_htmx_and_whoever_only_reads_get_the_sentence_as_text(request_of):
    answer = answer_to(request_of, Refusal("Voting is closed.", status=422))
    assert (answer.status_code, answer.content) == (422, b"Voting is closed.")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert sentences(request_of) == []


@pytest.mark.parametrize("error", [ValueError("no"), Http404()])
def test_other_errors_are_not_for_the_person(error):
    assert answer_to(asked(), error) is None


# --- In a view's own words --------------------------------------------------------------------------------
class TitleForm(forms.Form):
    title = forms.CharField()


def test_beside_a_form_it_stands_with_what_was_written():
    form = TitleForm({"title": "Dark mode"})
    assert form.is_valid()
    with beside(form):
        raise Refusal("It has shipped already.")
    assert form.non_field_errors() == ["It has shipped already."]
    assert form["title"].value() == "Dark mode"


def test_told_goes_on_after_the_block():
    request = asked()
    with told(request):
        raise Refusal("It has shipped already.")
    assert sentences(request) == ["It has shipped already."]


@pytest.mark.parametrize("block", [lambda: beside(TitleForm({})), lambda: told(asked())])
def test_neither_swallows_an_error(block):
    with pytest.raises(ZeroDivisionError), block():
        1 / 0  # noqa: B018


# --- The way back ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/posts/23456789abc/comments/", "/posts/23456789abc/"),
        ("/desk/decisions/23456789abc/undo/", "/desk/decisions/"),
        ("/desk/quality/judge/answer/", "/desk/quality/judge/"),
        ("/comments/23456789abc/hide/", "/comments/23456789abc/"),
        ("/", "/"),
    ],
)
def test_the_page_above_an_address(path, page):
    assert page_above(asked(path=path)) == page


def test_an_address_without_encryption_is_not_ours_where_ours_is_encrypted():
    request = asked(secure=True, HTTP_REFERER="http://testserver/desk/")
    assert came_from(request, otherwise="/") == "/"


# --- htmx -------------------------------------------------------------------------------------------------------
def test_htmx_is_asked_for_in_one_place():
    asks = re.compile(r"HX-|HTTP_HX|request\.htmx|django_htmx")
    found = [
        path.relative_to(FEEDBACK)
        for path in FEEDBACK.rglob("*.py")
        if asks.search(path.read_text(encoding="utf-8"))
    ]
    assert found == [Path("kernel/htmx.py")]


def test_going_back_in_the_browser_wants_the_whole_page():
    assert is_htmx(asked(headers=HTMX))
    assert not is_htmx(asked())
    back = asked(headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert not is_htmx(back)
    assert template_for(back, "ui/confirm.html", part="dialog") == "ui/confirm.html"
    assert template_for(asked(headers=HTMX), "a.html", part="row") == "a.html#row"


def test_what_only_htmx_understands():
    assert go_to("/accounts/login/")["HX-Redirect"] == "/accounts/login/"
    assert refresh(varies(go_to("/")))["HX-Refresh"] == "true"
    assert varies(go_to("/"))["Vary"] == "HX-Request"
