"""Who gets what at the addresses of rights: name, example, GET, POST, as `test_addresses.Address` has them."""

_ADMINS = "404 403 403 403 403 200"
_ADMINS_FORM = "404 403 403 403 403 422"
_ADMINS_POST = "404 403 403 403 403 away"

RIGHTS = [
    ("desk:rights", "", _ADMINS, "405"),
    ("desk:right-give", "", "405", _ADMINS_FORM),
    ("desk:right-take", "bo", _ADMINS, _ADMINS_POST),
    ("desk:offer-make", "", "405", _ADMINS_FORM),
    ("desk:offer-withdraw", "offer", "405", _ADMINS_POST),
    ("forum:offer", "code of nobody", "404", "404"),
]
