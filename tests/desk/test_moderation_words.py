"""The words that wait, the rules of the house and the internal log, kept on the desk."""

import csv
import io
import json

import pytest

from feedback.accounts.models import User
from feedback.forum.models import HoldingWishes, Rule, WordRule
from feedback.journal.models import Entry

pytestmark = pytest.mark.django_db
WORDS = "/desk/moderation/words/"


def test_words_are_kept_tried_changed_and_removed(mo, client_of):
    client = client_of(mo)
    assert (
        client.post(WORDS, {"words": "赌博", "effect": "BLOCK", "by_sound": "on"}).status_code
        == 302
    )
    kept = WordRule.objects.get()
    page = client.get(WORDS, {"said": "来 d.u.b.o 吧"}).content.decode()
    assert "赌博" in page and "d.u.b.o" in page
    assert "None of the words" in client.get(WORDS, {"said": "读博"}).content.decode()
    client.post(f"{WORDS}{kept.pk}/", {"words": "赌场", "effect": "HOLD"})
    kept.refresh_from_db()
    assert (kept.words, kept.effect, kept.by_sound) == ("赌场", "HOLD", False)
    client.post(f"{WORDS}{kept.pk}/remove/")
    assert not WordRule.objects.exists()
    assert Entry.objects.filter(verb="forum.word-rule-edited").count() == 3


def test_words_without_letters_are_refused(mo, client_of):
    answer = client_of(mo).post(WORDS, {"words": "***", "effect": "HOLD"})
    assert answer.status_code == 422 and "a word of letters" in answer.content.decode()


def test_a_manager_says_how_much_of_who_is_new_waits(mo, pia, client_of):
    assert client_of(mo).post(f"{WORDS}new/", {"first_posts": "2"}).status_code == 403
    client_of(pia).post(f"{WORDS}new/", {"first_posts": "2", "reports": "3"})
    said = {"first_posts": "1", "holds_links": "on", "reports": "0", "takes_guests": "on"}
    client_of(pia).post(f"{WORDS}new/", said)
    client_of(pia).post(f"{WORDS}new/", {"first_posts": "-1", "reports": "3"})
    kept = HoldingWishes.objects.get()
    assert (kept.first_posts, kept.holds_links, kept.holds_adverts) == (1, True, False)
    assert kept.reports == 0 and kept.takes_guests


def test_a_manager_words_the_rules_and_everybody_reads_them(mo, pia, rule, client_of):
    there = f"/desk/moderation/rules/{rule.slug}/"
    assert client_of(mo).get(there).status_code == 403
    words = {"name": "No hats", "name_zh": "不要帽子", "penalty": "Hidden.", "position": "1"}
    assert client_of(pia).post(there, words).status_code == 302
    page = client_of(None).get("/rules/").content.decode()
    assert "No hats" in page and "What usually follows: Hidden." in page
    chinese = client_of(None, HTTP_ACCEPT_LANGUAGE="zh-hans").get("/rules/").content.decode()
    assert "不要帽子" in chinese
    client_of(pia).post("/desk/moderation/rules/new/", {"name": "Be on time", "position": "2"})
    assert Rule.objects.filter(name="Be on time").exists()


def test_one_rule_stays_in_force(pia, rule, client_of):
    Rule.objects.exclude(pk=rule.pk).update(is_retired=True)
    words = {"name": "No hats", "position": "1", "is_retired": "on"}
    answer = client_of(pia).post(f"/desk/moderation/rules/{rule.slug}/", words)
    assert answer.status_code == 422


def test_a_site_begins_with_rules_in_both_languages(db):
    assert Rule.objects.count() >= 6
    assert not Rule.objects.filter(name_zh="").exists()
    assert not Rule.objects.filter(word_zh="").exists()


def test_the_public_log_names_nobody(ann, bo, mo, publish, reported, ruled, client_of):
    ruled(reported(publish(ann, "Cheap hats"), bo), mo, "REMOVE")
    page = client_of(None).get("/rules/log/").content.decode()
    assert "A post was removed" in page and "No spam" in page
    for name in ("Ann", "Bo", "Mo", "hats"):
        assert f">{name}<" not in page and f" {name} " not in page


def test_the_internal_log_has_names_and_a_pseudonym_of_who_is_gone(
    person, ann, bo, pia, publish, reported, ruled, client_of
):
    leaver = person("=Leaver", role="MODERATOR")
    key = leaver.pk
    ruled(reported(publish(ann, "Cheap hats"), bo), leaver, "HIDE")
    log = client_of(pia).get("/desk/moderation/log.csv")
    text = b"".join(log.streaming_content).decode("utf-8-sig")
    assert "'=Leaver" in text
    User.objects.filter(pk=key).delete()
    log = client_of(pia).get("/desk/moderation/log.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(log.streaming_content).decode("utf-8-sig"))))
    done = next(row for row in rows if row["what"] == "forum.moderated")
    assert done["by"] == f"former-{key}" and json.loads(done["data"])["action"] == "HIDE"
