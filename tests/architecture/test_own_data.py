"""Nothing that tells who somebody is stays behind when they are erased."""

from django.apps import apps

from feedback.accounts.models import User
from feedback.accounts.own_data.parts import parts

#: Columns that lead to a person whose rows stay, of "Former member": what was counted, said or decided keeps its truth.
OF_A_FORMER_MEMBER = {
    "account.EmailAddress.user",  # goes with the account, at once
    "accounts.Claim.author",
    "accounts.Claim.person",
    "accounts.Claim.undone_by",
    "accounts.ClaimCode.made_by",
    "accounts.Erasure.person",
    "accounts.HandOverKey.made_by",
    "accounts.Invitation.made_by",  # works no more, and says for whom no more
    "accounts.Invited.person",
    "accounts.User.acts_for",  # stays an agent, of a former member
    "admin.LogEntry.user",
    "asks.Answer.author",
    "asks.Ask.owner",  # shown as a former member until somebody else takes it
    "asks.Decision.actor",
    "asks.Decision.undone_by",
    "asks.EvalResult.brought_by",
    "asks.GroupQuestion.asked_by",
    "asks.Membership.actor",
    "asks.Note.author",
    "asks.Proposal.decided_by",
    "asks.Proposal.owner",  # shown as a former member until somebody else takes it
    "forum.Attachment.owner",  # goes, where the words go
    "forum.Ballot.person",  # goes, where the words go
    "forum.BoardMember.named_by",
    "forum.Case.person",
    "forum.Confirmation.agent",
    "forum.Comment.author",  # emptied, where the words go
    "forum.Flag.person",
    "forum.Offer.made_by",  # works no more
    "forum.Offer.taken_by",
    "forum.Poll.made_by",
    "forum.Post.author",  # emptied, where the words go
    "forum.PostForCustomer.entered_by",
    "forum.Reaction.person",  # goes, where the words go
    "forum.Reproduction.confirmed_by",
    "forum.Reproduction.person",  # goes, where the words go
    "forum.Right.given_by",
    "forum.Ruling.actor",
    "forum.Ruling.undone_by",
    "forum.SameAs.person",  # goes, where the words go
    "forum.Vote.person",  # goes, where the words go
    "forum.VoteForCustomer.entered_by",
    "grouping.EncoderModel.chosen_by",
    "grouping.EncoderModel.set_aside_by",
    "grouping.Question.answered_by",
    "grouping.Run.requested_by",
    "honours.Holder.given_by",
    "honours.Honour.made_by",
    "importing.Import.started_by",
    "measure.Alert.seen_by",
    "measure.Estimate.estimated_by",
    "measure.Judgement.person",
    "measure.SetThreshold.set_by",
    "notify.Delivery.person",  # figures of people told are counts
    "notify.Endpoint.made_by",
    "notify.Mail.person",  # its address goes
    "notify.Notice.person",
    "notify.Push.person",
    "roadmap.Invitation.invited_by",
    "roadmap.Item.owner",
    "roadmap.Ring.opened_by",
    "roadmap.ReportResponse.person",  # its words go, where the words go
}


def test_every_column_that_leads_to_a_person_goes_with_them_or_stays_for_a_reason() -> None:
    columns = {
        f"{field.model._meta.app_label}.{field.model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User
    }
    taken = {
        f"{model._meta.app_label}.{model.__name__}.{column}"
        for part in parts()
        for model, column in part.takes
    }
    assert not columns - taken - OF_A_FORMER_MEMBER, (
        "Does it go when somebody is erased? Then a part in <room>/own_data.py takes it; otherwise say here why it stays."
    )
    assert not (taken | OF_A_FORMER_MEMBER) - columns, "These are no longer there."
    assert not taken & OF_A_FORMER_MEMBER
