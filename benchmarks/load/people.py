"""Everybody at it at a fixed rate: each request has its planned moment, and is counted from it, however long others take.

A load that waits for the last answer before it asks again asks a slow site less, and finds it fast.
"""

import http.client
import json
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

_CSRF = "a" * 32
#: Requests under way at once, and seconds that one is waited for.
_AT_ONCE, _PATIENCE = 200, 60.0
#: Of a hundred requests.
SHARES = {
    "home": 14, "board": 10, "post": 18, "ask": 8, "search": 6, "similar": 20, "vote": 12, "comment": 7, "write a post": 5,
}  # fmt: skip
_DECIDE_EVERY = 15.0


@dataclass(frozen=True)
class Asked:
    """One request: planned and answered (seconds since 1970), its status (0 for no answer) and what went wrong."""

    kind: str
    due: float
    ended: float
    status: int
    error: str = ""

    @property
    def waited(self) -> float:
        """Milliseconds from the planned moment to the last byte."""
        return (self.ended - self.due) * 1000


@dataclass
class Claimed:
    """What was answered with success: posts by id, comments by their words, votes by member and post."""

    posts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    votes: list[tuple[int, str]] = field(default_factory=list)

    def as_json(self) -> str:
        return json.dumps(vars(self))


@dataclass(frozen=True)
class _Request:
    kind: str
    path: str
    cookie: str = ""
    fields: dict[str, str] | None = None
    done: Callable[[str], None] = lambda where: None


class Everybody:
    """Readers, typists, voters, writers and one who decides, at ``rate`` requests a second together."""

    def __init__(self, port: int, made: dict[str, Any], *, rate: float, seed: int = 1) -> None:
        self.port, self.made, self.rate = port, made, rate
        self.asked: list[Asked] = []
        self.claimed = Claimed()
        self._rng = random.Random(seed)
        self._voted: set[tuple[int, str]] = set()
        self._number = 0
        self._seed = seed

    def run(self, seconds: float) -> None:
        """Ask for ``seconds``, and wait for the answers that are still to come."""
        planned = self._plan(seconds)
        began = time.time()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for at, request in planned:
                time.sleep(max(0.0, began + at - time.time()))
                pool.submit(self._ask, request(), began + at)

    def _plan(self, seconds: float) -> Iterable[tuple[float, Callable[[], _Request]]]:
        """Return the moments and what to ask for at each, in their order."""
        kinds = self._rng.choices(
            list(SHARES), weights=list(SHARES.values()), k=int(seconds * self.rate)
        )
        planned: list[tuple[float, Callable[[], _Request]]] = [
            (number / self.rate, lambda kind=kind: self._request(kind))  # type: ignore[misc]
            for number, kind in enumerate(kinds)
        ]
        planned += [
            (_DECIDE_EVERY * (number + 0.5), lambda number=number: self._decision(number))  # type: ignore[misc]
            for number in range(int(seconds / _DECIDE_EVERY))
        ]
        return sorted(planned, key=lambda one: one[0])

    def _request(self, kind: str) -> _Request:
        self._number += 1
        if kind == "vote":
            return self._vote()
        if kind in ("comment", "write a post"):
            return self._writing(kind)
        number = self._rng.randrange(len(self.made["members"]))
        # Every other one is a visitor; visitors may not ask for what is similar as often as all of them together do.
        is_member = kind == "similar" or number % 2
        path = self._rng.choice(self.made["pages"][kind])
        return _Request(kind, path, self.made["members"][number] if is_member else "")

    def _vote(self) -> _Request:
        while True:
            number = self._number % len(self.made["members"])
            path = self._rng.choice(self.made["pages"]["post"])
            post = path.strip("/").rpartition("/")[2]
            if (number, post) not in self._voted:
                break
            self._number += 1
        self._voted.add((number, post))

        def done(where: str) -> None:
            self.claimed.votes.append((number, post))

        return _Request("vote", f"{path}vote/", self.made["members"][number], {"want": "1"}, done)

    def _writing(self, kind: str) -> _Request:
        cookie = self._rng.choice(self.made["writers"])
        words = f"Load {self._seed} {self._number}: {self._rng.choice(self.made['titles'])[:120]}"
        if kind == "comment":
            own = [f"/posts/{one}/" for one in self.claimed.posts[-50:]]
            post = self._rng.choice(own or self.made["pages"]["post"])
            return _Request(kind, f"{post}comments/", cookie, {"body": words},
                lambda where: self.claimed.comments.append(words))  # fmt: skip
        fields = {"board": "wishes", "kind": "SUGGESTION", "title": words[:80], "body": words}
        return _Request(kind, "/posts/new/", cookie, fields,
            lambda where: self.claimed.posts.append(where.strip("/").rpartition("/")[2]))  # fmt: skip

    def _decision(self, number: int) -> _Request:
        """Look at the desk, answer an ask, confirm what the machine added to it."""
        if number % 3 == 0:
            return _Request("desk", "/desk/", self.made["manager"])
        ask = f"/desk/asks/{self.made['asks'][(self._seed * 500 + number // 3) % len(self.made['asks'])]}"
        if number % 3 == 1:
            fields = {"body": f"Answer {self._seed} {number}: we look at it this week."}
            return _Request("answer an ask", f"{ask}/answer/", self.made["manager"], fields)
        return _Request("confirm an ask", f"{ask}/confirm/", self.made["manager"], {})

    def _ask(self, request: _Request, due: float) -> None:
        status, error = 0, ""
        try:
            status, where = send(self.port, request.path, request.cookie, request.fields)
            if status == (200 if request.fields is None else 302):
                request.done(where)
            else:
                error = f"{request.path} answered {status}"
        except (OSError, http.client.HTTPException) as problem:
            error = type(problem).__name__
        self.asked.append(Asked(request.kind, due, time.time(), status, error))


def send(
    port: int, path: str, cookie: str = "", fields: dict[str, str] | None = None
) -> tuple[int, str]:
    """Ask for a page, or send a form; return the status and where it leads, the answer read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    headers = {"Cookie": f"{cookie}; heed_csrf={_CSRF}", "X-CSRFToken": _CSRF} if cookie else {}
    try:
        if fields is None:
            if path.startswith("/posts/similar/"):
                headers["HX-Request"] = "true"
            connection.request("GET", path, headers=headers | {"Accept-Encoding": "gzip"})
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", path, urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location") or ""
    finally:
        connection.close()
