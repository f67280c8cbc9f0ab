"""Nothing of an imported author is left behind when somebody turns out to be them."""

from django.apps import apps

from feedback.accounts.claiming.keepers import keepers
from feedback.accounts.models import User

#: Columns that lead to a person in which no imported author can stand: only who signs in does such a thing.
OF_WHO_SIGNS_IN = {
    "account.EmailAddress.user",
    "socialaccount.SocialAccount.user",
    "mfa.Authenticator.user",
    "accounts.HandOverKey.made_by",
    "accounts.Invitation.made_by",
    "accounts.Invited.person",
    "accounts.ProductAccount.person",
    "accounts.Claim.author",  # the claim itself
    "accounts.Claim.person",
    "accounts.Claim.undone_by",
    "accounts.ClaimCode.author",  # works no more once they are claimed
    "accounts.ClaimCode.made_by",
    "accounts.ClaimCode.person",
    "accounts.Erasure.person",
    "accounts.User.acts_for",  # a person who signs in is behind an agent
    "accounts.Standing.person",  # counted anew, of who they turn out to be
    "admin.LogEntry.user",
    "asks.Answer.author",
    "asks.Ask.owner",
    "asks.Decision.actor",
    "asks.Decision.undone_by",
    "asks.EvalResult.brought_by",
    "asks.GroupQuestion.asked_by",
    "asks.GroupReply.person",  # who replies signs in
    "asks.Membership.actor",
    "asks.Note.author",
    "asks.Proposal.decided_by",
    "asks.SavedView.owner",
    "asks.Proposal.owner",
    "forum.Attachment.owner",
    "forum.Ballot.person",
    "forum.BoardMember.named_by",
    "forum.BoardMember.person",
    "forum.Case.person",  # of an imported author the words are reported
    "forum.Confirmation.agent",  # an agent signs in
    "forum.Consents.person",
    "forum.Draft.person",
    "forum.Flag.person",
    "forum.Offer.made_by",
    "forum.Offer.taken_by",
    "forum.Poll.made_by",
    "forum.PostForCustomer.entered_by",
    "forum.Reaction.person",
    "forum.Reproduction.confirmed_by",
    "forum.Reproduction.person",
    "forum.Right.given_by",
    "forum.Right.person",
    "forum.Ruling.actor",
    "forum.Ruling.undone_by",
    "forum.SaidWords.person",
    "forum.SameAs.person",
    "forum.VoteForCustomer.entered_by",
    "grouping.EncoderModel.chosen_by",
    "grouping.EncoderModel.set_aside_by",
    "grouping.Question.answered_by",
    "grouping.Run.requested_by",
    "honours.Holder.given_by",
    "honours.Holder.person",
    "honours.Honour.made_by",
    "importing.Import.started_by",
    "measure.Alert.seen_by",
    "measure.Estimate.estimated_by",
    "measure.Judgement.person",
    "measure.SetThreshold.set_by",
    "notify.Device.person",
    "notify.Endpoint.made_by",
    "notify.FeedKey.person",
    "notify.Mail.person",  # it went where it went
    "notify.Push.person",  # it went where it went
    "notify.Subscription.person",
    "notify.Wishes.person",  # moves, where the person has none
    "roadmap.Invitation.invited_by",
    "roadmap.Invitation.person",
    "roadmap.Item.owner",
    "roadmap.ReportResponse.person",
    "roadmap.Ring.opened_by",
}


def test_every_column_that_leads_to_a_person_is_handed_over_or_never_an_author_s() -> None:
    columns = {
        f"{field.model._meta.app_label}.{field.model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User
    }
    held = {
        f"{model._meta.app_label}.{model.__name__}.{column}"
        for keeper in keepers()
        for model, column in keeper.holds
    }
    assert not columns - held - OF_WHO_SIGNS_IN, (
        "May an imported author stand there? Then a keeper in <room>/claiming.py hands it over; otherwise name it here."
    )
    assert not (held | OF_WHO_SIGNS_IN) - columns, "These are no longer there."
    assert not held & OF_WHO_SIGNS_IN
