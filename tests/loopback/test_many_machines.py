"""One site on two machines: whatever is done on one counts on the other, and one of them may die."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from tests.loopback.machines import LEFT, Machines, drop_database, make_database, until
from tests.loopback.test_serve import Visitor, Writer

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.own_database,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        settings.TEST_DATABASE != "postgres", reason="several machines need PostgreSQL"
    ),
]

AT_ONCE = 50
#: Posts and comments of a new member in ten minutes, as `forum.allowed` has them.
POSTS, COMMENTS = 3, 6
POSTED = re.compile(r"/posts/([^/]+)/")


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Two machines that serve."""
    make_database()
    site = Machines(tmp_path_factory.mktemp("machines"))
    try:
        site.prepare()
        for number in range(2):
            site.start(number)
        site.until_up()
        yield site
    finally:
        site.close()
        drop_database()


def all_at_once(machines: Machines, who: Visitor, act: Callable[[Visitor, int], int]) -> list[int]:
    """Return the status of each of many requests of one session, half of them on each machine, all let go at once."""
    ready = threading.Barrier(AT_ONCE)

    def one(number: int) -> int:
        visitor = Visitor(machines.machines[number % 2].web_port)
        visitor.cookies = dict(who.cookies)
        ready.wait(60)
        return act(visitor, number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def a_post(visitor: Visitor, title: str) -> tuple[int, str]:
    return visitor.send("/posts/new/", board="suggestions", kind="SUGGESTION", title=title, body="")


def test_whoever_signs_in_on_one_is_known_on_the_other_and_signs_out_of_both(
    machines: Machines,
) -> None:
    ann = machines.visitor("ann", on=0)
    elsewhere = Visitor(machines.machines[1].web_port)
    elsewhere.cookies = ann.cookies
    assert elsewhere.get("/settings/")[0] == 200
    assert elsewhere.send("/accounts/logout/")[0] == 302
    again = Visitor(machines.machines[0].web_port)
    again.cookies = dict(ann.cookies)
    assert again.get("/settings/")[0] == 302


@pytest.mark.check(27)
def test_limits_are_exact_whichever_machine_is_asked(
    machines: Machines, record_property: Callable[..., None]
) -> None:
    ada, ann = machines.visitor("ada"), machines.visitor("ann")
    _status, under = a_post(ada, "A post to comment on, wanted by many")
    posted = all_at_once(machines, ann, lambda one, n: a_post(one, f"Wish {n} of Ann at once")[0])
    said = all_at_once(machines, ann, lambda one, n: one.send(f"{under}comments/", body=f"Word {n}")[0])  # fmt: skip
    voted = all_at_once(machines, ann, lambda one, _n: one.send(f"{under}vote/", want="1")[0])
    # A web that has as many waiting as it takes says so at once, and does nothing.
    assert set(posted) | set(said) <= {302, 429, 503}, (posted, said)
    for table, statuses, most in (("forum_post", posted, POSTS), ("forum_comment", said, COMMENTS)):
        # The limit holds for each stretch of ten minutes, of which the test may see two.
        stretches = [
            int(count)
            for (count,) in machines.rows(
                f"SELECT COUNT(*) FROM {table} WHERE author_id = (SELECT id FROM accounts_user WHERE email = 'ann@example.org')"
                " GROUP BY floor(extract(epoch FROM posted_at) / 600)"
            )
        ]
        assert max(stretches) == most
        assert sum(stretches) == statuses.count(302)
    post = POSTED.fullmatch(under)
    assert post is not None
    assert set(voted) <= {302, 429, 503}
    assert 302 in voted
    (votes,) = machines.rows(
        "SELECT vote_count, (SELECT COUNT(*) FROM forum_vote v WHERE v.post_id = p.id) FROM forum_post p"
        f" WHERE public_id = '{post.group(1)}'"
    )
    assert votes == (2, 2)
    record_property("got", f"{posted.count(302)} posts and {said.count(302)} comments of {AT_ONCE} at once over two webs")  # fmt: skip


@pytest.mark.check(34)
def test_two_workers_do_each_job_once(machines: Machines) -> None:
    ada, bo = machines.visitor("ada"), machines.visitor("bo")
    _status, own = a_post(bo, "Bo would like larger letters in the list")
    for number in range(12):
        assert ada.send(f"{own}comments/", body=f"Answer {number}")[0] == 302
        a_post(ada, f"One of a dozen wishes, number {number}")
    until(lambda: machines.rows(LEFT) == [(0, 0, 0)], "everything is done", machines.said)
    jobs = machines.rows(
        "SELECT worker_ids::text, COUNT(*) FROM django_tasks_database_dbtaskresult"
        " WHERE status IN ('SUCCESSFUL', 'FAILED') GROUP BY 1"
    )
    assert all(ids.count(",") == 0 for ids, _ in jobs), "one worker a job"
    assert len(jobs) >= 2, "both workers work"
    told = machines.rows(
        "SELECT COUNT(*), COUNT(DISTINCT (person_id, key)) FROM notify_notice n"
        " WHERE person_id = (SELECT id FROM accounts_user WHERE email = 'bo@example.org')"
    )
    assert told[0][0] == told[0][1] >= 1
    vectors = machines.rows(
        "SELECT COUNT(*), COUNT(DISTINCT (content_hash, model_key)) FROM grouping_vector"
    )
    assert vectors[0][0] == vectors[0][1] > 0


@pytest.mark.check(35)
def test_one_machine_dies_and_nothing_is_lost(
    machines: Machines, record_property: Callable[..., None]
) -> None:
    writers = [Writer(machines.visitor("ada"), name) for name in ("Cy", "Di")]
    for writer in writers:
        writer.start()
    try:
        _until_they_post(machines, writers, 4)
        machines.kill(0)
        _until_they_post(machines, writers, 8)
    finally:
        for writer in writers:
            writer.stop.set()
        for writer in writers:
            writer.join(60)
    acknowledged = {post for writer in writers for post in writer.posts}
    there = {
        public_id: (votes, counted)
        for public_id, votes, counted in machines.rows(
            "SELECT public_id, vote_count, (SELECT COUNT(*) FROM forum_vote v WHERE v.post_id = p.id) FROM forum_post p"
        )
    }
    assert acknowledged <= set(there)
    assert all(votes == counted for votes, counted in there.values())
    until(
        lambda: machines.rows(LEFT) == [(0, 0, 0)], "the other does it all", machines.said, 400
    )  # fmt: skip
    machines.start(0)
    machines.until_up()
    shown = Visitor(machines.machines[0].web_port).get(f"/posts/{writers[0].posts[-1]}/")
    assert shown[0] == 200
    record_property("got", f"{len(acknowledged)} posts acknowledged, all there, one of two machines killed")  # fmt: skip


def _until_they_post(machines: Machines, writers: list[Writer], more: int) -> None:
    before = [len(writer.posts) for writer in writers]
    until(
        lambda: all(len(w.posts) >= count + more for w, count in zip(writers, before, strict=True)),
        "people post",
        machines.said,
    )
