"""What a draft says: figures that are counts of rows, in two languages, and words of members as they stand."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from feedback.asks.people import people_behind
from feedback.briefs.drafting.gathering import gather
from feedback.briefs.drafting.quoting import candidates, fit_sentences
from feedback.briefs.drafting.week import Week
from feedback.briefs.models import Brief
from feedback.briefs.operations import draft_brief
from feedback.forum.models import Post
from feedback.forum.posts.operations import hide_post
from feedback.kernel.refusals import Refusal

PAST = dt.timedelta(weeks=8)


def lines_about(words, ask):
    return [line for line in words.splitlines() if ask.public_id in line]


def test_the_figures_are_counts_of_rows(brief, told):
    posts = Post.objects.filter(board=told.board, posted_at__gte=told.week.begins_at)
    writers = posts.values("author").distinct().count()
    assert brief.words_en.startswith(f"{writers} people wrote {posts.count()} posts this week")
    (line,) = lines_about(brief.words_en, told.grew)
    week = told.in_week(told.grew)
    before = told.grew.memberships.filter(
        post__posted_at__lt=told.week.begins_at, post__posted_at__gte=told.week.begins_at - PAST
    )
    people = week.values("post__author").distinct().count()
    assert f"{week.count()} posts by {people} people this week, after {before.count()} in" in line
    (line,) = lines_about(brief.words_en, told.answered)
    assert f"raised by {people_behind([told.answered.pk]).count()} person:" in line


def test_it_says_what_grew_was_answered_shipped_and_comes_next(brief, told):
    headings = re.findall(r"^# (.+)$", brief.words_en, re.MULTILINE)
    assert headings == ["What grew", "What was answered", "What shipped", "What comes next"]
    assert not lines_about(brief.words_en, told.steady), "Once a week is its usual week."
    assert "“It comes in April.”" in brief.words_en
    assert "is declined: “Hats are not what we make.”" in brief.words_en
    assert "[It starts fast](/roadmap/" in brief.words_en and "[1.4.0](/releases/" in brief.words_en
    assert "[1.5.0](/releases/1.5.0/) is planned for Friday 13 March" in brief.words_en


def test_it_is_written_in_chinese_as_well(brief, told):
    assert "“四月就有。”" in brief.words_zh or "四月就有" in brief.words_zh
    assert "[启动更快](/roadmap/" in brief.words_zh and "# 升温的需求" in brief.words_zh
    latin = re.sub(r"\([^)]*\)|\[[^]]*\]|“[^”]*”", "", brief.words_zh)
    assert not re.search(r"[a-z]{3,}", latin), latin


def test_an_empty_week_says_so_and_makes_no_brief(told, client_of, pia):
    client = client_of(pia)
    page = client.get("/desk/briefs/").content.decode()
    assert "/desk/briefs/week/2026-03-02/" in page
    with pytest.raises(Refusal, match="Nothing grew"):
        draft_brief(product=told.product, week=Week(dt.date(2025, 6, 2)), **told.by)
    answer = client.post("/desk/briefs/week/2025-06-02/", follow=True)
    assert "Nothing grew, was answered or shipped" in answer.content.decode()
    assert not Brief.objects.exists()
    assert client.post("/desk/briefs/week/2026-03-03/").status_code == 404, "No Monday."


def test_a_quote_stands_in_a_public_post_letter_by_letter(brief):
    quotes = list(brief.quotes.select_related("post"))
    chosen = [one for one in quotes if one.is_chosen]
    assert len(chosen) == 3 and len({one.ask_id for one in chosen}) == 3
    assert {one.language for one in chosen} == {"en", "zh"}
    for one in quotes:
        assert one.post.state == "PUBLISHED"
        assert one.sentence in one.post.body or one.sentence in one.post.title


@pytest.mark.parametrize(
    "body",
    [
        "This is the worst garbage app I have ever paid for.",
        "Write to me at ann@example.org about the missing maps.",
        "My phone number is 0171 2345678, please call about maps.",
        "WHY IS THE MAP GONE and where do I get it back?",
        "Bo told me that the maps would work without a network.",
        "And it does that on every single map I have opened.",
        "垃圾软件，地图永远打不开，气死我了。",
        "我叫王小明，希望地图能离线使用。",
    ],
)
def test_no_rant_and_nothing_of_anybodys_person_is_quoted(body, ann, publish):
    post = publish(ann, "Maps", body=body)
    assert not list(fit_sentences(post, names={"Bo"}))


def test_hidden_words_and_words_of_the_team_are_not_quoted(told, mo, pia):
    for membership in told.grew.memberships.select_related("post"):
        hide_post(post=membership.post, moderator=mo, now=timezone.now())
    told.answered.medoid.author = pia
    told.answered.medoid.save()
    found = candidates(gather(told.product, told.week, now=told.by["now"]))
    assert found and not {told.grew.pk, told.answered.pk} & {one.ask.pk for one in found}


def test_drafting_again_leaves_what_a_person_wrote(brief, told):
    Brief.objects.filter(pk=brief.pk).update(words_en="Ours.", words_zh="x", draft_zh="x")
    again = draft_brief(product=told.product, week=told.week, **told.by)
    assert again.pk == brief.pk and again.words_en == "Ours."
    assert again.words_zh == brief.words_zh and again.draft_en == brief.draft_en
