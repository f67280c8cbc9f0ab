"""Who gets what at the addresses of trust and honours: name, example, GET, POST, as `test_addresses.Address` has them."""

_MANAGERS = "404 403 403 403 200 200"
_MANAGERS_POST = "404 403 403 403 away away"
_MANAGERS_FORM = "404 403 403 403 422 422"

HONOURS = [
    ("honours:trust", "", "200", "405"),
    ("honours:board", "", "200", "405"),
    ("honours:honour-detail", "honour", "200", "405"),
    ("desk:honours", "", _MANAGERS, "405"),
    ("desk:honours-shown", "", "405", _MANAGERS_POST),
    ("desk:honour-new", "", _MANAGERS, _MANAGERS_FORM),
    ("desk:honour", "honour", _MANAGERS, _MANAGERS_FORM),
    ("desk:honour-edit", "honour", _MANAGERS, _MANAGERS_FORM),
    ("desk:honour-ring", "honour", "405", _MANAGERS_FORM),
    ("desk:honour-off", "honour_holder", "405", _MANAGERS_POST),
]
