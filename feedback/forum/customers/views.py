"""The team votes for a customer, and takes that back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import member_of, team_required
from feedback.forum import permissions
from feedback.forum.customers.forms import CustomerVoteForm, customer_in
from feedback.forum.customers.operations import remove_vote_for_customer, vote_for_customer
from feedback.forum.models import VoteForCustomer
from feedback.forum.products.queries import about
from feedback.kernel import clock
from feedback.kernel.refusals import beside, status_of


@team_required
@require_http_methods(["GET", "HEAD", "POST"])
def customer_vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have a customer want a post: who, where it was heard, how important it is to them."""
    post = permissions.access_post_for_team(request.user, public_id)
    about(request, post.board.product)
    form = CustomerVoteForm(request.POST if request.method == "POST" else None)
    customer = customer_in(form.cleaned_data) if form.is_valid() else None
    if customer is not None:
        with beside(form):
            vote_for_customer(
                post=post,
                customer=customer,
                importance=form.cleaned_data["importance"],
                actor=member_of(request),
                now=clock.now(),
            )
            messages.success(request, _("Counted, on behalf of %s.") % customer.label)
            return redirect("forum:post-voters", post.public_id)
    context = {"nav": "posts", "post": post, "form": form}
    template = "forum/customers/customer_vote.html"
    return render(request, template, context, status=status_of(form))


@team_required
@require_POST
def customer_vote_remove(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Take back a vote that the team gave for a customer."""
    found = VoteForCustomer.objects.filter(public_id=public_id)
    entered = found.select_related("vote__post__board", "vote__person").first()
    if entered is None:
        raise Http404
    post = permissions.access_post_for_team(request.user, entered.vote.post.public_id)
    if remove_vote_for_customer(entered=entered, actor=member_of(request), now=clock.now()):
        messages.success(request, _("Removed. It is not counted any more."))
    return redirect("forum:post-voters", post.public_id)
