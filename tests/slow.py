"""What takes a tenth of a minute and more and says again, at another size or in another language, what a quick test says.

`make test` leaves these out; `make test-slow` runs them alone, on both databases. A name may end before its parameters.
"""

import pytest

SLOW = {
    # Killed processes. What is cut short and gone on with is tried in one process by the quick suite.
    "tests/loopback/test_serve.py::test_a_first_import_that_is_killed_goes_on_at_the_next_start",
    "tests/importing/test_imports_killed.py::test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing",
    "tests/importing/test_imports_killed.py::test_a_worker_that_is_killed_among_the_asks_goes_on_behind_the_last",
    "tests/importing/test_import_posts.py::test_an_import_that_is_killed_goes_on_where_it_was",
    "tests/notify/webhooks/test_killed.py::test_what_was_sent_and_not_noted_is_sent_again_under_the_same_id",
    "tests/notify/webhooks/test_once.py::test_any_story_ends_with_each_told_once_under_one_id",
    "tests/notify/push/test_killed.py::test_every_device_is_told_once_however_often_the_sender_dies",
    "tests/grouping/test_writing_a_run.py::test_a_run_killed_after_any_transaction_comes_to_the_same[posts]",
    "tests/grouping/test_writing_a_run.py::test_what_is_decided_between_two_transactions_holds[decide_to_take_away]",
    "tests/grouping/test_writing_a_run.py::test_what_is_decided_between_two_transactions_holds[decide_to_lock]",
    "tests/grouping/test_writing_a_run.py::test_what_is_decided_between_two_transactions_holds[decide_to_dismiss]",
    "tests/grouping/test_writing_a_run.py::test_what_is_decided_between_two_transactions_holds[decide_to_confirm]",
    "tests/grouping/test_writing_a_run.py::test_what_is_decided_between_two_transactions_holds[decide_to_join]",
    "tests/grouping/test_writing_a_run.py::test_what_is_decided_between_two_transactions_holds[decide_apart]",
    # Pages: each language and each reader once, not each with each.
    "tests/browser/test_every_page.py::test_no_page_gives_cause_for_complaint[chromium-pia-en]",
    "tests/browser/test_every_page.py::test_no_page_gives_cause_for_complaint[chromium-visitor-zh]",
    "tests/browser/test_every_page.py::test_no_page_gives_cause_for_complaint[chromium-ann-en]",
    "tests/browser/test_first_hour.py::test_the_first_hour[chromium-en]",
    "tests/browser/test_order.py::test_report_decision_appeal[chromium-en]",
    "tests/browser/test_release_week.py::test_a_release_week_on_a_phone[chromium-en-False]",
    "tests/browser/test_claiming.py::test_the_pages_of_claiming_look_right",
    "tests/browser/test_report.py::test_from_the_notice_to_the_report_to_the_results[chromium-zh-hans]",
    "tests/browser/test_brief.py::test_from_the_draft_to_what_members_read[chromium-zh-hans]",
    "tests/browser/test_questions.py::test_a_few_questions_with_single_keys[chromium-1280]",
    "tests/browser/test_searching.py::test_searching_on_a_phone[chromium-en]",
    "tests/browser/test_searching.py::test_searching_at_a_desk[chromium-en-False]",
    "tests/browser/test_guests.py::test_from_the_words_to_the_published_post[chromium-en]",
    "tests/browser/test_composing.py::test_a_visitors_me_too_is_counted_after_the_sign_up[chromium-en]",
    "tests/browser/test_push.py::test_the_page_looks_right",
    "tests/browser/test_importing.py::test_states_of_another_tool_become_asks",
    "tests/architecture/test_strange_characters.py::test_nothing_that_is_sent_breaks_a_page[number]",
    "tests/architecture/test_strange_characters.py::test_nothing_that_is_sent_breaks_a_page[time]",
    # Whole sites, made or brought back; and much at once.
    "tests/importing/test_encodings.py::test_the_last_line_of_a_large_file_decides_as_well",
    "tests/ops/test_new_site.py::test_made_at_once_it_is_what_all_steps_come_to",
    "tests/ops/test_archive.py::test_a_site_is_not_overwritten_unasked_and_the_old_one_is_kept",
    "tests/ops/test_archive_of_ae9a98d.py::test_what_does_not_fit_is_refused_and_nothing_has_changed",
    "tests/sample/test_living.py::test_after_the_next_train_its_report_has_not_opened_yet",
    "tests/forum/agents/test_agents.py::test_however_many_posts_of_an_agent_change_no_rank[10000]",
    "tests/encoder/test_registry.py::test_a_model_by_path_is_centred_and_named",
    "tests/notify/webhooks/test_kinds.py::test_a_room_is_sent_no_more_than_it_allows[FEISHU-60]",
    "tests/notify/webhooks/test_kinds.py::test_a_room_is_sent_no_more_than_it_allows[DISCORD-30]",
    "tests/notify/webhooks/test_kinds.py::test_a_room_is_sent_no_more_than_it_allows[WECOM-20]",
    "tests/notify/webhooks/test_kinds.py::test_a_room_is_sent_no_more_than_it_allows[DINGTALK-20]",
}


def is_slow(item: pytest.Item) -> bool:
    """Whether it is one of these, or marked as one of the checks that take minutes."""
    return bool(SLOW & names_of(item)) or item.get_closest_marker("loopback") is not None


def names_of(item: pytest.Item) -> set[str]:
    """Return what a test may be called by: with its parameters and without."""
    return {item.nodeid, item.nodeid.partition("[")[0]}
