"""Taking out of words what is nobody else's business: keys, passwords, addresses, numbers of phones and of cards."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

#: What stands in place of each kind.
PLACEHOLDERS = {"key": "[KEY]", "email": "[E-MAIL]", "phone": "[PHONE]", "card": "[CARD]"}

# Each begins where no word of its own kind goes on, or is bounded: a long text takes time in line with its length.

#: Words that are secrets by their looks: of the services that most people have keys of, signed tokens, private keys.
_KEYS = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"
    r"|(?<![\w-])eyJ[\w-]{8,}+\.[\w-]{8,}+\.[\w-]*+"
    r"|\b(?:sk|pk|rk)[-_][\w-]{16,}+"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bAIza[\w-]{30,}+"
    r"|\b(?:gh[opsur]|glpat|hf|xox[abprs])[-_][\w-]{16,}+"
    r"|\bgithub_pat_\w{20,}+"
)
_IS = r"[\"']?\s{0,20}(?::=|=>|={1,2}|[:：])\s{0,20}[\"']?"
#: Words that are secrets by what stands before them, which stays.
_NAMED = re.compile(
    rf"(?i)((?:(?<![a-z])authorization{_IS}(?:bearer|basic|token)\s{{1,20}}"
    r"|(?:(?:api|access|secret|private|auth|signing|encryption|account)[ _-]?key(?:[ _-]?id)?"
    r"|(?:access|auth|refresh|api|bearer)[ _-]?token"
    rf"|secret|password|passwd|passphrase|pwd|密码|口令|密钥|令牌){_IS}))"
    r"(?!\[KEY\])([^\s\"',;]{6,})"
)
#: Words that stand before a secret and before much else: what follows is one where it looks like none of a language.
_NAMED_AT_TIMES = re.compile(
    rf"(?i)((?<![a-z])(?:bearer\s{{1,20}}|basic\s{{1,20}}|token{_IS}))"
    r"(?=[a-z+/._~-]{0,200}[\d=])([\w+/.~-]{12,}=*)"
)
#: The password inside an address, as in postgres://name:word@host.
_IN_ADDRESS = re.compile(r"(?<=://)([^\s/:@]{0,200}):(?!\[KEY\]@)([^\s/@]{1,200})@")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])")
#: With a plus and a country, as in China, or in groups; dates, versions and plain numbers are none.
_PHONE = re.compile(
    r"(?<![\w+.-])(?:"
    r"\+\d[\d ().-]{6,17}\d"
    r"|1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
    r"|\(?\d{3}\)?[ -]\d{3}[ -]\d{4}"
    r")(?![\w.-]{0,40}\d)"
)


@dataclass(frozen=True)
class Redacted:
    """Words without what was taken out, and how much of each kind of `PLACEHOLDERS` that was."""

    words: str
    taken: dict[str, int]


def redact(words: str) -> Redacted:
    """Return ``words`` with a placeholder for each secret, address and number that is found in them."""
    taken: Counter[str] = Counter()

    def instead(kind: str) -> Callable[[re.Match[str]], str]:
        def put(found: re.Match[str]) -> str:
            if kind == "card" and not _is_card(found[0]):
                return found[0]
            taken[kind] += 1
            return PLACEHOLDERS[kind]

        return put

    def after_name(found: re.Match[str]) -> str:
        taken["key"] += 1
        return found[1] + PLACEHOLDERS["key"]

    def in_address(found: re.Match[str]) -> str:
        taken["key"] += 1
        return f"{found[1]}:{PLACEHOLDERS['key']}@"

    words = _KEYS.sub(instead("key"), words)
    words = _NAMED.sub(after_name, words)
    words = _NAMED_AT_TIMES.sub(after_name, words)
    words = _IN_ADDRESS.sub(in_address, words)
    words = _EMAIL.sub(instead("email"), words)
    words = _CARD.sub(instead("card"), words)
    words = _PHONE.sub(instead("phone"), words)
    return Redacted(words, dict(taken))


def _is_card(said: str) -> bool:
    """Whether the digits add up as those of a card do (Luhn)."""
    digits = [int(one) for one in said if one.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
