"""Who gets what at the addresses of the inbox, of set-up, of the first steps and of importing: name, example, GET, POST."""

_TEAM = "404 403 403 200 200 200"
_MANAGERS = "404 403 403 403 200 200"
_MANAGERS_POST = "404 403 403 403 away away"
_MANAGERS_FORM = "404 403 403 403 422 422"

DESK = [
    ("desk:inbox", "", _TEAM, "405"),
    ("desk:inbox-file", "", _TEAM, "405"),
    ("desk:trends-file", "", _TEAM, "405"),
    ("desk:set-up", "", _TEAM, "405"),
    ("desk:progress", "", _TEAM, "405"),
    ("desk:first-steps", "", _MANAGERS, _MANAGERS_FORM),
    ("desk:first-steps-mail", "", "405", _MANAGERS_POST),
    ("desk:first-steps-away", "", "405", _MANAGERS_POST),
    ("desk:first-steps-unclaimed", "", "405", _MANAGERS_POST),
    ("desk:imports", "", _MANAGERS, _MANAGERS_FORM),
    ("desk:import", "brought", _MANAGERS, "405"),
    ("desk:import-say", "brought", "405", _MANAGERS_POST),
    ("desk:import-answer", "brought", "405", _MANAGERS_POST),
    ("desk:import-start", "brought", "405", _MANAGERS_FORM),
    ("desk:import-stop", "brought", "405", _MANAGERS_POST),
    ("desk:import-go-on", "brought", "405", _MANAGERS_POST),
    ("desk:import-refused", "brought", _MANAGERS, "404 403 403 403 404 404"),
    ("desk:import-refused-file", "brought", _MANAGERS_POST, "405"),
    ("desk:import-undo", "brought", _MANAGERS, _MANAGERS_POST),
    ("desk:import-discard", "brought", "405", _MANAGERS_POST),
    ("desk:proposal", "proposal", _TEAM, _MANAGERS_POST),
    ("desk:proposal-undo", "proposal", "405", _MANAGERS_POST),
    ("desk:pulse", "", _TEAM, "405"),
    ("desk:proposals-given", "", "405", _MANAGERS_POST),
    ("desk:proposals-several", "", "405", _MANAGERS_POST),
    ("desk:proposals-undo", "", "405", _MANAGERS_POST),
]
