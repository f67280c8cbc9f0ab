"""Who gets what where people take part: votes, customers, polls, pins, fields of boards; as `addresses_of_order` has it.

Ann wrote the post, bo the comment; the poll stands under the post, and the customer's vote is on it.
"""

_GET_NEVER = "login 405 405 405 405 405"
_MEMBERS_POST = "login away away away away away"
_TEAM = "404 403 403 200 200 200"
_TEAM_POST = "404 403 403 away away away"
#: Their authors go in by the same door.
_WITH_OTHERS_POST = "login 403 403 away away away"
_TEAM_FORM = "404 403 403 422 422 422"
_MANAGERS = "404 403 403 403 200 200"
_MANAGERS_POST = "404 403 403 403 away away"
_MANAGERS_FORM = "404 403 403 403 422 422"

TAKING_PART = [
    ("forum:post-fields", "", "405", "200"),
    ("forum:post-importance", "post", _GET_NEVER, _MEMBERS_POST),
    ("forum:post-voters", "post", "200", "405"),
    # Ann's post is no bug; the reproduction is bo's, made as if it were.
    ("forum:post-reproduce", "post", "login 403 403 403 403 403", "login 422 422 422 422 422"),
    ("forum:post-same-as", "post", "login 200 200 200 200 200", "login 422 422 422 422 422"),
    (
        "forum:reproduction-confirm",
        "reproduction",
        "login 405 405 405 405 405",
        "login away 403 away away away",
    ),
    (
        "forum:reproduction-remove",
        "reproduction",
        "login 403 200 200 200 200",
        "login 403 away 422 422 422",
    ),
    # Whoever has the private address.
    ("forum:guest-post", "guest_sent", "200", "405"),
    ("forum:customer-vote", "post", _TEAM, _TEAM_FORM),
    ("forum:customer-vote-remove", "customer_vote", "404 403 403 405 405 405", _TEAM_POST),
    ("forum:poll-create", "post", _TEAM, _TEAM_FORM),
    ("forum:poll-answer", "poll", "405", _MEMBERS_POST),
    ("forum:poll-close", "poll", "404 403 403 405 405 405", _TEAM_POST),
    ("forum:poll-remove", "poll", "404 403 403 405 405 405", _TEAM_POST),
    ("forum:post-pin", "post", _GET_NEVER, _WITH_OTHERS_POST),
    ("forum:post-unpin", "post", _GET_NEVER, _WITH_OTHERS_POST),
    ("forum:post-lock", "post", "login 403 403 200 200 200", "login 403 403 422 422 422"),
    ("forum:post-unlock", "post", _GET_NEVER, _WITH_OTHERS_POST),
    (
        "forum:comment-withdraw",
        "comment",
        "login 403 200 403 403 403",
        "login 403 away 403 403 403",
    ),
    ("notify:feed-post", "post", "200", "405"),
    ("notify:feed-person", "ann", "200", "405"),
    ("notify:feed-search", "", "200", "405"),
    ("notify:feed-own", "own_feed", "200", "405"),
    ("notify:feed-key", "", _GET_NEVER, _MEMBERS_POST),
    ("notify:feed-key-remove", "", _GET_NEVER, _MEMBERS_POST),
    ("desk:board-fields", "board", _MANAGERS, _MANAGERS_POST),
    ("desk:field-new", "board", _MANAGERS, _MANAGERS_FORM),
    ("desk:field-edit", "field", _MANAGERS, _MANAGERS_FORM),
    ("desk:field-remove", "field", "405", _MANAGERS_POST),
    # No model is named, so nothing is translated; the translation is of Ann's post.
    ("forum:translate", "flagged", "login 405 405 405 405 405", "login away away away away away"),
    ("forum:translation", "translation", "login 200 200 200 200 200", "login 405 405 405 405 405"),
]
