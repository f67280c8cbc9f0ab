"""Who gets what at the addresses of closed boards and of rings: name, example, GET, POST, as `test_addresses.Address` has them.

The ring's board is empty, and the release is out without ever having had a ring.
"""

_TEAM = "404 403 403 200 200 200"
_MANAGERS = "404 403 403 403 200 200"
_MANAGERS_POST = "404 403 403 403 away away"
_MANAGERS_FORM = "404 403 403 403 422 422"
_NOBODY = "login 404 404 404 404 404"

CLOSED = [
    ("desk:board-people", "ring_board", _TEAM, _MANAGERS_FORM),
    ("desk:board-person-off", "ring_board_person", "405", _MANAGERS_POST),
    ("roadmap:ring", "release", _MANAGERS, "405"),
    ("roadmap:ring-open", "release", "405", _MANAGERS_FORM),
    ("roadmap:ring-more", "release", "405", _MANAGERS_FORM),
    ("roadmap:ring-invite", "release", "405", _MANAGERS_FORM),
    ("roadmap:ring-answer", "release", _NOBODY, _NOBODY),
    ("roadmap:ring-out", "ring_person", "405", _MANAGERS_POST),
]
