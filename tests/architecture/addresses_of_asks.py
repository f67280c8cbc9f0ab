"""Who gets what at the addresses of the team's table of asks: name, example, GET, POST."""

_TEAM = "404 403 403 200 200 200"
_MANAGERS_POST = "404 403 403 403 away away"
_MODERATORS_POST = "404 403 403 away away away"

ASKS = [
    ("desk:map", "", _TEAM, "405"),
    ("desk:map-points", "", _TEAM, "405"),
    ("desk:map-card", "", "404 403 403 204 204 204", "405"),
    ("desk:map-search", "", _TEAM, "405"),
    ("desk:map-chosen", "", "405", _MANAGERS_POST),
    ("desk:map-start", "", "405", _MANAGERS_POST),
    ("desk:ask-lines", "", _TEAM, "405"),
    ("desk:asks-several", "", "405", _MANAGERS_POST),
    ("desk:asks-undo", "", "405", _MANAGERS_POST),
    ("desk:ask-views", "", "405", _MODERATORS_POST),
    ("desk:ask-view", "saved_view", "405", "404 403 403 404 away 404"),
    ("desk:ask-export", "xlsx", _TEAM, "405"),
    ("desk:ask-prompts", "ask", _TEAM, "405"),
    ("desk:ask-prompts-file", "ask", _TEAM, "405"),
    ("desk:ask-eval", "ask", "405", "404 403 403 403 422 422"),
    ("desk:ask-evals-shown", "ask", "405", _MANAGERS_POST),
    ("desk:ask-related", "ask", _TEAM, "405"),
    ("desk:ask-owner", "ask", "405", _MANAGERS_POST),
    ("desk:ask-apart", "ask", "405", "404 403 403 403 404 404"),
    ("desk:ask-notes", "ask", "405", _MODERATORS_POST),
    ("desk:ask-note", "note", "405", "404 403 403 404 away away"),
]
