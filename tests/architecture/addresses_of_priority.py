"""Who gets what at the addresses of priority, segments, coverage and the threshold: name, example, GET, POST."""

_TEAM = "404 403 403 200 200 200"
_MANAGERS = "404 403 403 403 200 200"
_MANAGERS_POST = "404 403 403 403 away away"
_MANAGERS_FORM = "404 403 403 403 422 422"

PRIORITY = [
    ("desk:priority", "", _TEAM, "405"),
    ("desk:formula", "", "405", _MANAGERS_POST),
    ("desk:estimate", "ask", "405", _MANAGERS_POST),
    ("desk:segments", "", _MANAGERS, "405"),
    ("desk:segment-new", "", _MANAGERS, _MANAGERS_FORM),
    ("desk:segment-weights", "", "405", _MANAGERS_POST),
    ("desk:segment-edit", "segment", _MANAGERS, _MANAGERS_FORM),
    ("desk:segment-people", "segment", _MANAGERS, _MANAGERS_FORM),
    ("desk:segment-remove", "segment", "405", _MANAGERS_POST),
    ("desk:coverage", "", _TEAM, "405"),
    ("desk:coverage-show", "", "405", _MANAGERS_POST),
    ("desk:threshold", "", _MANAGERS, _MANAGERS_POST),
]
