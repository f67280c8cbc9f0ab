"""The forty-five checks: what each expects, and the tests that it stands on beside those marked with its number."""

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Check:
    """One check: its number, what is tried, what is expected, and tests by the beginning of their names."""

    number: int
    sentence: str
    expected: str
    tests: tuple[str, ...] = ()


_ROOT = Path(__file__).resolve().parents[2]
_ADDRESSES = "tests/architecture/test_addresses.py"

CHECKS = (
    Check(1, "Every address by everyone, GET and POST", "what the table says; an address that is not in it fails", (f"{_ADDRESSES}::test_everyone", f"{_ADDRESSES}::test_every_address")),
    Check(2, "Somebody else's draft, comment, attachment, notice, own data", "404", ("tests/forum/attachments/test_who_sees.py", "tests/forum/test_drafts.py", "tests/accounts/test_own_data.py")),
    Check(3, "Every form sent with fields that it does not have", "they change nothing"),
    Check(4, "What is closed, held, joined or deleted, in lists, search, feeds and counts", "not there", ("tests/architecture/test_closed_boards.py", "tests/forum/closed")),
    Check(5, "Demoted, deactivated, suspended, another password", "the next request of the session is refused"),
    Check(6, "The same address with HX-Request", "the same answer, and no more in it", ("tests/kernel/test_refusals.py",)),
    Check(7, "Everything looked at twice by an administrator", "no row changed"),
    Check(8, "The operator's pages and the desk, by whoever is not let in", "asked for the password again; 404 for visitors", (f"{_ADDRESSES}::test_only_the_operator", f"{_ADDRESSES}::test_everyone", "tests/accounts/doors/test_second_step.py", "tests/accounts/doors/test_asked_again.py")),
    Check(9, "Every POST without a token", "403", (f"{_ADDRESSES}::test_nothing_is_changed",)),
    Check(10, "Headers on every answer, whatever its status", "policy, nosniff, referrer policy, opener policy"),
    Check(11, "Cookies and sessions of a site with https", "Secure, HttpOnly, SameSite, __Host-; signing in rotates", ("tests/ops/test_settings.py::test_cookies_belong", "tests/accounts/doors")),
    Check(12, "A browser on every page, in both languages", "no violation, no error, no request elsewhere, no serious finding", ("tests/browser/test_every_page.py",)),
    Check(13, "Twenty spellings of a way out of the site", "this site", ("tests/forum/test_after_sign_in.py::test_the_way_back",)),
    Check(14, "A forged Host, and links in mails", "400; links begin with HEED_BASE_URL", ("tests/accounts/test_profile.py::test_a_mail_leads",)),
    Check(15, "A page that breaks", "no traceback, query, path or setting"),
    Check(16, "Hostile Markdown in every text", "elements of the list alone", ("tests/kernel/test_markdown.py", "tests/notify/test_hostile_mails.py")),
    Check(17, "Bidi, zero width, four bytes, NUL, a megabyte", "refused, cleaned, or exactly as typed; never 500", ("tests/architecture/test_strange_characters.py", "tests/forum/test_words_as_typed.py")),
    Check(18, "Every parameter with nonsense", "never 500", ("tests/architecture/test_strange_characters.py",)),
    Check(19, "Cells of an export that begin with = + - @", "no formula", ("tests/desk/test_table.py::test_csv_holds_no_formula", "tests/desk/test_moderation_words.py")),
    Check(20, "Lines and templates in names and titles", "no header more; as written"),
    Check(21, "A body over its limit, 1,001 fields, 300 MB", "413 or 400 before it is read", ("tests/ops/test_bridge.py::test_what_is_too_large",)),
    Check(22, "Scripts, polyglots and strange names as files", "refused, or handed out as no page", ("tests/forum/attachments",)),
    Check(23, "A flood of pixels, a bomb, a place in a photo", "refused; the place is gone", ("tests/kernel/test_pictures.py",)),
    Check(24, "Files of what one may not see, quotas, orphans", "404; refused; swept", ("tests/forum/attachments",)),
    Check(25, "Passwords tried by the thousand", "429, alike for who is there and who is not", ("tests/accounts/test_limits.py",)),
    Check(26, "Another X-Forwarded-For each time", "dodges nothing, locks out nobody"),
    Check(27, "Fifty at once against each limit", "exact", ("tests/forum/test_limits_of_members.py",)),
    Check(28, "Costly texts, idle and slow connections", "others are answered", ("tests/kernel/test_costly_markdown.py", "tests/ops/test_bridge.py")),
    Check(29, "Fifty votes at once", "one a person; counters are rows", ("tests/forum/test_votes.py", "tests/ops/test_reconcile.py")),
    Check(30, "A into B and B into A at once", "no circle", ("tests/roadmap/lineage/test_at_once.py",)),
    Check(31, "Sent twice; saved over somebody's text", "one post; both texts are shown", ("tests/forum/test_drafts.py", "tests/forum/test_two_edits.py")),
    Check(32, "Stages that do not follow", "refused; the record cannot be changed", ("tests/asks", "tests/journal")),
    Check(33, "Senders killed while they tell", "everybody is told once", ("tests/notify/test_killed_senders.py", "tests/notify/push/test_killed.py", "tests/notify/webhooks/test_killed.py")),
    Check(34, "A worker killed in the middle of its work", "another takes it up; no half of it is seen", ("tests/grouping",)),
    Check(35, "The web killed while people post", "nothing that was acknowledged is lost"),
    Check(36, "The database locked, stopped or full; no encoder", "503 and Retry-After; it recovers by itself", ("tests/ops/test_database_away.py", "tests/encoder")),
    Check(37, "Webhooks to addresses within", "refused as they are saved and as they are sent", ("tests/kernel/outbound",)),
    Check(38, "Signatures, secrets, repeats of webhooks", "verify; shown once; harmless", ("tests/notify/webhooks",)),
    Check(39, "A backup while people write, restored elsewhere", "everything is there", ("tests/ops/test_archive.py", "tests/ops/test_round_trip.py")),
    Check(40, "The schema of before under load", "no 5xx, nothing lost; on a quiet machine nobody waits over two seconds"),
    Check(41, "Own data and erasing", "complete, and in the record", ("tests/accounts/test_own_data.py", "tests/architecture/test_own_data.py")),
    Check(42, "Each kind of token at its own door and at every other, for another, too late, taken back, with a slip", "its scope alone; in no log, no cache, no search engine"),
    Check(43, "Links that stop mails", "one click, and not to be guessed", ("tests/notify/test_mail.py",)),
    Check(44, "What is kept for one reader", "shown to no other"),
    Check(45, "Both languages", "every sentence", ("tests/architecture/test_translations.py",)),
)  # fmt: skip

#: Files of tests that are marked with a number.
MARKED = (
    "tests/architecture/test_whole_table.py",
    "tests/architecture/test_hostile_requests.py",
    "tests/architecture/test_tokens.py",
    "tests/loopback/test_rude_neighbours.py",
    "tests/loopback/test_many_machines.py",
    "tests/loopback/test_fronts.py",
    "tests/loopback/test_killed.py",
    "tests/loopback/test_rolling_upgrade.py",
)


def files(*numbers: int) -> list[str]:
    """Return every test that a check, or one of ``numbers``, stands on, as pytest is told of it; what stands in a named folder once."""
    wanted = [check for check in CHECKS if not numbers or check.number in numbers]
    marks = [f"mark.check({number})" for number in numbers]
    marked = [
        name
        for name in MARKED
        if not numbers or any(mark in (_ROOT / name).read_text("utf-8") for mark in marks)
    ]
    named = sorted(
        {*marked, *(test.partition("::")[0] for check in wanted for test in check.tests)}
    )
    return [name for name in named if not any(name.startswith(f"{other}/") for other in named)]


if __name__ == "__main__":
    sys.stdout.write(" ".join(files(*map(int, sys.argv[1:]))))
