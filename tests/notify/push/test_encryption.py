"""Messages and tokens are what the RFCs say."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.notify.channels.push import encryption
from feedback.notify.channels.push.names import name_of
from tests.notify.push.browsers import CURVE, Browser, bytes_of, point, written

#: RFC 8291, appendix A.
WORDS = b"When I grow up, I want to be a watermelon"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
THEIRS = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text):
    return ec.derive_private_key(int.from_bytes(bytes_of(text), "big"), CURVE)


def test_a_message_is_that_of_the_rfc():
    theirs = written(point(private(THEIRS)))
    made = encryption.encrypted(
        WORDS, p256dh=theirs, auth=AUTH, salt=bytes_of(SALT), own=private(OWN)
    )
    assert written(made) == BODY
    assert Browser("", private(THEIRS), bytes_of(AUTH)).opened(made) == WORDS


@settings(max_examples=20)
@given(words=st.binary(max_size=encryption.MOST_WORDS))
def test_what_is_encrypted_for_a_browser_it_can_read(words):
    says = BROWSER.says
    made = encryption.encrypted(words, p256dh=says["p256dh"], auth=says["auth"])
    assert BROWSER.opened(made) == words


BROWSER = Browser("")


def test_too_much_is_refused_before_it_is_sent():
    says = BROWSER.says
    with pytest.raises(ValueError, match="too many"):
        encryption.encrypted(b"x" * 5000, p256dh=says["p256dh"], auth=says["auth"])


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH),
        ("nonsense", AUTH),
        (written(b"\x04" + b"\x01" * 64), AUTH),  # no point of the curve
        (written(b"\x00"), AUTH),  # the point at infinity
        ("é" * 87, AUTH),
        (BROWSER.says["p256dh"], ""),
        (BROWSER.says["p256dh"], "AAAA"),
        (BROWSER.says["p256dh"], "é"),
    ],
    # Named, as a browser's keys are others in each process.
    ids=[
        "none",
        "nonsense",
        "no point",
        "infinity",
        "no base64",
        "no secret",
        "short",
        "no letters",
    ],
)
def test_keys_that_are_none_are_refused(p256dh, auth):
    with pytest.raises(encryption.NoKeys):
        encryption.check(p256dh=p256dh, auth=auth)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0",
            "Firefox · Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; U; Android 13; zh-cn; 2211133C) AppleWebKit/537.36 Version/4.0 Chrome/100 Mobile Safari/537.36 XiaoMi/MiuiBrowser/18.1",
            "Mi Browser · Android",
        ),
        ("", "Web"),
        ("<script>\x00", "Web"),
    ],
)
def test_a_browser_is_called_what_its_person_calls_it(said, name):
    assert name_of(said) == name
