"""Words that posts share are marked where a person decides whether they ask for the same thing."""

import pytest

from feedback.asks.models import Proposal
from feedback.desk.shared_words import different_words, marked, only_in, shared_words, words_in_both


def test_a_word_of_half_the_posts_is_shared_and_a_word_like_the_is_not():
    texts = ["The dark mode", "Dark mode for the night", "Dark theme", "Louder, please"]
    assert shared_words(texts) == {"dark", "mode"}


def test_chinese_words_are_shared_inside_sentences():
    texts = ["希望增加深色模式", "深色模式太亮", "夜里要深色"]
    shared = shared_words(texts)
    assert "<mark>深色</mark>" in marked("请做深色", shared)


def test_what_one_shares_with_any_of_the_others_is_in_both():
    others = ["A dark theme", "Louder at night", "Louder still"]
    assert words_in_both("The dark mode at night", others) == {"dark", "night"}
    assert words_in_both("The dark mode", []) == set()


def test_numbers_that_are_not_everywhere_differ():
    texts = ["Crash since 5.2 on 14", "Crash since 5.1 on 14"]
    assert different_words(texts) == {"5.2", "5.1"}
    assert marked("Since 5.2", set(), {"5.2"}) == "Since <b>5.2</b>"


def test_what_turns_a_wish_round_differs():
    assert only_in("Do not hide the 5.2 bar", ["Hide the bar"]) == {"not", "5.2"}
    assert only_in("取消自动播放", ["增加自动播放"]) == {"取消"}
    assert only_in("Hide the bar", ["Do not hide the bar"]) == set()


def test_what_numbers_a_list_is_no_difference():
    assert different_words(["1. Open it 2. Type", "It crashes on 14"]) == {"14"}


@pytest.mark.parametrize(
    "text", ["<script>dark</script>", "a & dark", "İ <dark>", "ﬁ <b>dark</b>", ""]
)
def test_what_people_wrote_stays_escaped(text):
    shown = str(marked(text, {"dark", "script"}))
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert "& " not in bare


@pytest.mark.django_db
def test_the_evidence_of_a_proposal_is_marked(grouped, client_of, pia, ask_of):
    ask = ask_of(grouped["dark"][0])
    proposal = Proposal.objects.get(ask=ask, kind="NEW_ASK")
    page = client_of(pia).get(f"/desk/proposals/{proposal.public_id}/").content.decode()
    assert "<mark>" in page[page.index('id="evidence"') :]


@pytest.mark.django_db
def test_where_a_sample_is_judged_what_both_say_is_marked(grouped, client_of, pia):
    page = client_of(pia).get("/desk/quality/judge/").content.decode()
    assert "data-judging" in page
    assert page.count("<mark>") >= 2, "In the post, and in what stands beside it."
