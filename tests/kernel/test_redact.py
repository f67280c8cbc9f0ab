"""Secrets, addresses and numbers are taken out of words, and nothing else; of long words in time in line with their length."""

import signal

import pytest

from feedback.kernel.redact import redact

SECRETS = {
    "sk-abcdefghijklmnopqrstuvwx": "[KEY]",
    "AKIAABCDEFGHIJKLMNOP": "[KEY]",
    "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln-bmF0": "[KEY]",
    "Authorization: Bearer abc.def-123456": "Authorization: Bearer [KEY]",
    "Authorization: Basic dXNlcjpwYXNzd29yZA==": "Authorization: Basic [KEY]",
    "basic dXNlcjpwYXNzd29yZA==": "basic [KEY]",
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG": "AWS_SECRET_ACCESS_KEY=[KEY]",
    "SECRET_KEY = 'insecure-words'": "SECRET_KEY = '[KEY]'",
    '"dbPassword": "hunter2hunter"': '"dbPassword": "[KEY]"',
    "api key: abcdef123456": "api key: [KEY]",
    "token: a1b2c3d4e5f6g7": "token: [KEY]",
    "access_token=abcdefghijkl": "access_token=[KEY]",
    "password = hunter2hunter": "password = [KEY]",
    "密码：abcdef123": "密码：[KEY]",
    "postgres://me:geheim@db/x": "postgres://me:[KEY]@db/x",
    "ann@example.org": "[E-MAIL]",
    "我的邮箱是ann@example.org。": "我的邮箱是[E-MAIL]。",
    "+49 170 1234567": "[PHONE]",
    "13812345678": "[PHONE]",
    "4111 1111 1111 1111": "[CARD]",
}
KEPT = [
    "on 2026-03-06 at 10:15",
    "version 5.2.1, build 20260306",
    "1234 5678 9012 3456 is no card",
    "sk-",
    "Write a basic calculator",
    "It needs basic internationalization",
    "Bearer tokens are of the standard bearer",
    "token: embedding, max_tokens: 100000",
    "monkey: banana42banana",
]


@pytest.mark.parametrize("said", SECRETS)
def test_a_secret_is_taken_out_once(said):
    found = redact(said)
    assert found.words == SECRETS[said]
    assert sum(found.taken.values()) == 1
    again = redact(found.words)
    assert (again.words, again.taken) == (found.words, {})


@pytest.mark.parametrize("said", KEPT)
def test_what_is_no_secret_stays(said):
    assert redact(said).words == said


@pytest.fixture
def much():
    """A bound of work: seconds of the processor, where work that grows with the square would take minutes."""

    def too_much(*_):
        raise AssertionError("a long text takes more than its length")

    before = signal.signal(signal.SIGVTALRM, too_much)
    signal.setitimer(signal.ITIMER_VIRTUAL, 10)
    yield 200_000
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize(
    "unit",
    ["a", "eyJaaaaaaaa-", "password", "a.", "a@", "1 ", "+1 ", "://a:", "token: a", "basic a", " "],
)
def test_a_long_text_takes_work_in_line_with_its_length(unit, much):
    assert redact(unit * (much // len(unit))).taken in ({}, {"key": 1}) or unit == "1 "
