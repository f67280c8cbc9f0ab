"""Who gets what at the addresses of the site's name and look: as `addresses_of_order` has them."""

_ADMINS_POST = "404 403 403 403 403 away"

IDENTITY = [
    ("identity:sheet", "colour", "200", "405"),
    ("identity:mark", "colour", "200", "405"),
    ("identity:logo", "logo", "200", "405"),
    ("desk:identity", "", "404 403 403 403 403 200", _ADMINS_POST),
    ("desk:identity-show", "", "405", _ADMINS_POST),
    ("desk:identity-discard", "", "405", _ADMINS_POST),
    ("desk:identity-undo", "", "405", _ADMINS_POST),
    ("desk:identity-reset", "", "405", _ADMINS_POST),
]
