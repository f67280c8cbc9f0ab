"""Who may look at what was sent without an account: whoever has its private address."""

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from feedback.forum.models import Post

_signer = Signer(salt="feedback.forum.guests")


def private_address(post: Post) -> str:
    """Return where whoever sent ``post`` sees what became of it. Nobody guesses it."""
    return reverse("forum:guest-post", args=[post.public_id, _signer.signature(post.public_id)])


def access_sent(public_id: str, key: str) -> Post:
    """Return the post whose private address has this ``key``; raises `Http404`."""
    try:
        _signer.unsign(f"{public_id}:{key}")
        return Post.objects.select_related("author", "board").get(public_id=public_id)
    except (BadSignature, Post.DoesNotExist):
        raise Http404 from None
