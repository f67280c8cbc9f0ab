"""Who gets what at the addresses of signing in and up: name, example, GET, POST, as `test_addresses.Address` has them.

No provider is set up, and no token is brought: nothing opens, and nobody is told more.
"""

_MEMBERS = "login 200 200 200 200 200"
_MEMBERS_FORM = "login 422 422 422 422 422"
_MANAGERS = "404 403 403 403 200 200"
_MANAGERS_POST = "404 403 403 403 away away"
_MANAGERS_FORM = "404 403 403 403 422 422"
_ADMINS = "404 403 403 403 403 200"

DOORS = [
    ("accounts:hand-over", "", "403", "403"),
    ("accounts:hand-over-go", "", "405", "403"),
    ("accounts:invited", "code of nobody", "404", "405"),
    ("accounts:invitations", "", _MEMBERS, _MEMBERS_FORM),
    ("accounts:invitation-withdraw", "invitation", "405", "login 404 404 away away away"),
    ("desk:doors", "", _MANAGERS, "405"),
    ("desk:doors-open", "", "405", "404 403 403 403 403 422"),
    ("desk:doors-tick", "", "405", _MANAGERS_POST),
    ("desk:question-edit", "quiz", _MANAGERS, _MANAGERS_FORM),
    ("desk:question-remove", "quiz", "405", _MANAGERS_POST),
    ("desk:key-new", "", _ADMINS, "404 403 403 403 403 422"),
    ("desk:key-retire", "key", _ADMINS, "404 403 403 403 403 away"),
    ("desk:branch", "bo", "404 403 403 200 200 200", "404 403 403 422 422 422"),
]
#: How the addresses of providers begin, none of which is set up.
PROVIDERS = ("dingtalk_", "feishu_", "github_", "google_", "weixin_", "openid_connect_")
