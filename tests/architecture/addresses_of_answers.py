"""Who gets what at the addresses of answers: name, example, GET, POST, as `test_addresses.Address` has them."""

_MANAGERS = "404 403 403 403 200 200"
_MANAGERS_POST = "404 403 403 403 away away"
_MANAGERS_FORM = "404 403 403 403 422 422"

ANSWERS = [
    ("desk:ask-reason", "declined", _MANAGERS, _MANAGERS_FORM),
    ("desk:group-ask", "open_ask", _MANAGERS, _MANAGERS_FORM),
    ("desk:group-close", "group_question", "405", _MANAGERS_POST),
    ("desk:answer-edit", "answer", _MANAGERS, _MANAGERS_FORM),
    ("desk:answer-undo", "answer", "405", _MANAGERS_POST),
    ("desk:answer-withdraw", "answer", "405", _MANAGERS_POST),
    ("desk:answer-templates", "", _MANAGERS, _MANAGERS_FORM),
    ("desk:answer-template", "answer_template", _MANAGERS, _MANAGERS_FORM),
    ("desk:answer-template-remove", "answer_template", "405", _MANAGERS_POST),
    # Nothing is asked of those behind it.
    ("asks:group-reply", "ask", "405", "login 404 404 404 404 404"),
]
