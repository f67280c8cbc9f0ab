"""Who gets what at the addresses of order: name, example, GET, POST, as `test_addresses.Address` has them.

Mo hid a post of bo's, and bo's comment is reported. Anybody may report; the ruling concerns bo.
"""

_TEAM = "404 403 403 200 200 200"
_TEAM_POST = "404 403 403 away away away"
#: Their authors go in by the same door.
_WITH_OTHERS_POST = "login 403 403 away away away"
_TEAM_FORM = "404 403 403 422 422 422"
_MANAGERS = "404 403 403 403 200 200"
_MANAGERS_POST = "404 403 403 403 away away"
_MANAGERS_FORM = "404 403 403 403 422 422"

ORDER = [
    ("forum:post-withdraw", "post", "login 200 403 403 403 403", "login away 403 403 403 403"),
    ("forum:post-hide", "post", "login 405 405 405 405 405", _WITH_OTHERS_POST),
    ("forum:post-show", "post", "login 405 405 405 405 405", _WITH_OTHERS_POST),
    ("forum:flag", "flagged", "200", "422"),
    ("forum:ruling", "ruling", "login 404 200 200 200 200", "login 404 422 200 200 200"),
    ("forum:rules", "", "200", "405"),
    ("forum:rules-log", "", "200", "405"),
    ("desk:moderation", "", _TEAM, "405"),
    ("desk:case", "case", _TEAM, _TEAM_POST),
    ("desk:case-take-up", "flagged", "405", _TEAM_POST),
    ("desk:cases-decide", "", "405", _TEAM_POST),
    ("desk:ruling-undo", "ruling", "405", _TEAM_POST),
    ("desk:ruling-face", "ruling", "404 403 403 404 404 404", "405"),
    ("desk:moderation-words", "", _TEAM, _TEAM_FORM),
    ("desk:moderation-word", "word", _TEAM, _TEAM_FORM),
    ("desk:moderation-word-remove", "word", "405", _TEAM_POST),
    ("desk:moderation-wishes", "", "405", _MANAGERS_FORM),
    ("desk:moderation-rules", "", _TEAM, "405"),
    ("desk:moderation-rule", "rule", _MANAGERS, _MANAGERS_FORM),
    ("desk:moderation-log", "", _TEAM, "405"),
    ("desk:moderation-log-file", "csv", _TEAM, "405"),
]
