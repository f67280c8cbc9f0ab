"""Who gets what at the addresses about oneself: name, example, GET, POST, as `test_addresses.Address` has them."""

_MEMBERS = "login 200 200 200 200 200"
_MEMBERS_AWAY = "login away away away away away"
_MEMBERS_FORM = "login 422 422 422 422 422"
_POST_ONLY = "login 405 405 405 405 405"

OWN = [
    ("accounts:own-data", "", _MEMBERS, "405"),
    ("accounts:own-data-export", "", _POST_ONLY, _MEMBERS),
    ("accounts:own-data-erase", "", _MEMBERS, _MEMBERS_FORM),
    ("forum:agents", "", _MEMBERS, _MEMBERS_FORM),
    # Ann is no agent, so nothing waits for anybody.
    ("forum:agent-post-confirm", "post", _POST_ONLY, "login away 403 403 403 403"),
    ("forum:post-prompt", "prompted", "login 200 403 403 403 403", "login 422 403 403 403 403"),
    ("forum:person-agent", "ann", "404 403 403 403 200 200", "404 403 403 403 away away"),
    ("forum:consents", "", _MEMBERS, _MEMBERS_AWAY),
    ("forum:post-consents", "post", "login 200 403 403 403 403", "login away 403 403 403 403"),
]
