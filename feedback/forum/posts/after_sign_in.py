"""Posting what one wrote as a visitor, as soon as one has signed in."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from feedback.accounts.permissions import member_of
from feedback.forum import allowed
from feedback.forum.posts import drafts
from feedback.forum.posts.checked import publish_checked, say_posted
from feedback.forum.posts.forms import PostForm
from feedback.kernel import clock
from feedback.kernel.refusals import beside


def post_words(request: HttpRequest, about: dict[str, str]) -> str:
    """Post the words that wait in the session; where that cannot be, they stay in the form, and it says why."""
    key, words = drafts.kept(request)
    if not words:
        return ""
    person = member_of(request)
    form = PostForm(words, person=person)
    if form.is_valid():
        with beside(form):
            allowed.post(person, now=clock.now())
            post = publish_checked(
                person,
                form.words,
                draft=key,
                is_unchecked=request.session.pop(drafts.UNCHECKED, False),
                prompt=form.prompt,
            )
            drafts.forget(request)
            say_posted(request, post)
            return reverse("forum:post-detail", args=[post.public_id])
    for said in form.errors.values():
        messages.error(request, " ".join(map(str, said)))
    return reverse("forum:post-create")
