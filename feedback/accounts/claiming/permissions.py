"""What of claims may be reached by whom. What one may not know of is a 404."""

from django.http import Http404

from feedback.accounts.claiming.models import Claim, ClaimCode
from feedback.accounts.claiming.queries import authors
from feedback.accounts.models import User


def access_author(public_id: str) -> User:
    """Return the imported author, claimed or not; raises `Http404`."""
    found = authors().filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def access_team_code(public_id: str) -> ClaimCode:
    """Return a code that the team made; raises `Http404`."""
    codes = ClaimCode.objects.filter(public_id=public_id, author__isnull=False)
    found = codes.select_related("author").first()
    if found is None:
        raise Http404
    return found


def access_claim(public_id: str) -> Claim:
    """Return a claim that stands, with who claimed whom; raises `Http404`."""
    claims = Claim.objects.filter(public_id=public_id, undone_at=None)
    found = claims.select_related("author", "person").first()
    if found is None:
        raise Http404
    return found
