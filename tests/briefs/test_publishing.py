"""One deed makes a post, a page, a feed and a mail; corrections and taking back are said in public."""

import pytest
from django.utils import translation

from feedback.briefs import operations
from feedback.briefs.models import Brief
from feedback.forum.models import Post
from feedback.forum.posts.operations import withdraw_post
from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.kernel.markdown import MACHINE_SIGN
from feedback.kernel.refusals import Refusal
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About
from feedback.notify.models import Notice
from tests.notify.smtp import parts


def read(client, path):
    return client.get(path).content.decode()


def form_of(brief, **changed):
    chosen = brief.quotes.filter(is_chosen=True).values_list("pk", flat=True)
    words = operations.words_of(brief)
    return words | {"quotes": list(chosen)} | changed


@pytest.fixture
def follow(told):
    def follow(person):
        subscribe(
            person=person,
            about=About.BRIEF,
            about_id=told.product.pk,
            is_muted=False,
            now=clock.now(),
        )

    return follow


@pytest.fixture
def published(brief, told):
    operations.publish_brief(brief=brief, board=told.news, **told.by)
    return Brief.objects.select_related("post").get(pk=brief.pk)


def test_publishing_is_one_deed_done_once(
    brief,
    told,
    follow,
    bo,
    client,
    client_of,
    pia,
    server,
    send,
):
    follow(bo)
    send()
    server.mails.clear()
    assert client.get(brief.address).status_code == 404, "A draft is the team's."
    for _again in range(2):
        answer = client_of(pia).post(f"/desk/briefs/{brief.public_id}/publish/", {"board": "news"})
        assert answer["Location"] == brief.address
    post = Post.objects.get(board=told.news)
    assert post.author == pia and "What grew" in post.body and "升温的需求" in post.body
    assert send() == 1, "It goes to nobody who did not ask for it."
    (mail,) = server.to("bo@example.org")
    text, html = parts(mail)
    assert mail["Subject"] == "The weekly brief: The week of 2 March to 8 March 2026"
    page, feed = read(client, brief.address), read(client, "/briefs/feed/")
    quote = brief.quotes.filter(is_chosen=True).first()
    for said in (page, html, text, feed, post.body):
        assert "Offline maps" in said and quote.sentence in said
        assert said.count(MACHINE_SIGN) >= len(brief.draft_en.split("\n- "))
        assert "A machine put this sentence together" in said
    assert 'aria-label="put together by a machine"' in page
    assert 'aria-label="put together by a machine"' in html
    assert 'aria-label="put together by a machine"' in read(client, f"/posts/{post.public_id}/")
    assert f"http://127.0.0.1:8000/asks/{told.grew.public_id}/" in text
    assert brief.address in read(client, "/") and brief.address in read(client, "/briefs/")


def test_a_sentence_that_a_person_rewrites_loses_its_sign_alone(brief, told, client_of, mo):
    machines = brief.words_en.split("\n")[0]
    words = brief.words_en.replace(machines, "A lively week.")
    answer = client_of(mo).post(f"/desk/briefs/{brief.public_id}/", form_of(brief, words_en=words))
    assert answer.status_code == 302
    operations.publish_brief(brief=brief, board=told.news, **told.by)
    body = Post.objects.get(board=told.news).body
    assert "A lively week.\n" in body
    assert "13 March, with [Maps offline]" in body and MACHINE_SIGN in body


def test_nothing_of_the_machine_needs_no_legend(brief, told, client):
    operations.edit_brief(
        brief=brief, words_en="Ours.", words_zh="我们写的。", quotes=[], **told.by
    )
    operations.publish_brief(brief=brief, board=told.news, **told.by)
    assert Post.objects.get(board=told.news).body == "Ours.\n\n---\n\n我们写的。"
    assert "machine" not in read(client, brief.address)


def test_the_other_language_is_one_click_away(published, client):
    english = read(client, published.address)
    chinese = read(client, f"{published.address}?language=zh")
    assert 'lang="zh-Hans">' in chinese and "\n# " not in chinese
    assert "Offline maps" in english and "?language=zh" in english


def test_a_preview_shows_and_saves_nothing(brief, client_of, mo):
    form = form_of(brief, words_en="**Ours** alone.", preview="1")
    page = client_of(mo).post(f"/desk/briefs/{brief.public_id}/", form).content.decode()
    assert "<strong>Ours</strong> alone." in page
    assert Brief.objects.get(pk=brief.pk).words_en == brief.words_en


def test_who_comes_second_sees_both_texts(brief, client_of, mo, pia):
    path = f"/desk/briefs/{brief.public_id}/"
    seen = client_of(mo).get(path).context["form"]["seen"].value()
    client_of(pia).post(path, form_of(brief, words_en="Pia's.", seen=seen))
    answer = client_of(mo).post(path, form_of(brief, words_en="Mo's.", seen=seen))
    page = answer.content.decode()
    assert answer.status_code == 409 and "Pia&#x27;s." in page and "Mo&#x27;s." in page
    assert Brief.objects.get(pk=brief.pk).words_en == "Pia's."


def test_three_quotes_are_enough(brief, told):
    every = list(brief.quotes.values_list("pk", flat=True))
    assert len(every) > 3
    with pytest.raises(Refusal, match="3 quotes at most"):
        operations.edit_brief(brief=brief, words_en="", words_zh="", quotes=every, **told.by)


def test_a_correction_says_what_was_wrong(published, told, client, client_of, mo, pia):
    path = f"/desk/briefs/{published.public_id}/"
    form = form_of(published, words_en="Seven, not six.", note="We had miscounted.")
    assert client_of(mo).post(path, form).status_code == 403
    assert client_of(pia).post(path, form | {"note": ""}).status_code == 422
    assert client_of(pia).post(path, form).status_code == 302
    post = Post.objects.get(pk=published.post_id)
    for said in (read(client, published.address), post.body, read(client, "/briefs/feed/")):
        assert "Seven, not six." in said and "We had miscounted." in said


def test_what_is_taken_back_says_why_and_may_come_again(
    published, told, follow, bo, client, client_of, pia
):
    follow(bo)
    form = {"back-note": "The figures were last week's."}
    answer = client_of(pia).post(f"/desk/briefs/{published.public_id}/withdraw/", form)
    assert answer["Location"] == published.address
    page = read(client, published.address)
    assert "The figures were last week&#x27;s." in page and "Offline maps" not in page
    assert Post.objects.get(pk=published.post_id).state == "HIDDEN"
    assert "Offline maps" not in read(client, "/briefs/feed/")
    assert published.address not in read(client, "/briefs/")
    operations.publish_brief(brief=published, board=told.news, **told.by)
    while journal.deliver_due(now=clock.now()):
        pass
    assert Post.objects.get(board=told.news).state == "PUBLISHED"
    assert Notice.objects.filter(key__startswith="brief:").count() == 1


def test_words_that_their_author_takes_back_leave_the_brief(published, told, client):
    quote = published.quotes.filter(is_chosen=True).select_related("post").first()
    assert quote.sentence in read(client, published.address)
    withdraw_post(post=quote.post, author=quote.post.author, now=clock.now())
    while journal.deliver_due(now=clock.now()):
        pass
    assert quote.sentence not in read(client, published.address)
    assert quote.sentence not in read(client, "/briefs/feed/")
    assert quote.sentence not in Post.objects.get(pk=published.post_id).body


def test_a_brief_goes_on_no_board_whose_posts_are_grouped(brief, told):
    with pytest.raises(Refusal):
        operations.publish_brief(brief=brief, board=told.board, **told.by)


def test_a_brief_is_called_by_its_week():
    from feedback.briefs.drafting.week import Week
    from tests.briefs.conftest import WEEK

    assert WEEK.title == "The week of 2 March to 8 March 2026"
    with translation.override("zh-hans"):
        assert Week(WEEK.monday).title == "2026年3月2日至3月8日这一周"
