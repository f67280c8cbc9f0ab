"""What in the code makes, signs or compares a secret, found by reading it; and which kind of token that is."""

import ast

from tests.processes import ROOT

#: Names whose use makes, signs or reads something that is not to be guessed.
_TELL = {
    "Signer", "TimestampSigner", "signing", "salted_hmac", "get_random_string", "secrets", "uuid4", "urandom", "hmac",
    "set_signed_cookie", "get_signed_cookie", "constant_time_compare", "compare_digest", "default_token_generator", "jwt", "create_challenge",
}  # fmt: skip

#: Which kind each is of. "none: …" says of what nobody can show anywhere what it is instead.
MAKERS = {
    "config/kept_secret.py:_read_or_make_secret": "none: the site's secret key itself",
    "feedback/accounts/agents.py:code_of": "code of an agent's person",
    "feedback/accounts/agents.py:human_by_code": "code of an agent's person",
    "feedback/accounts/captcha/work.py:Work.markup": "proof of work",
    "feedback/accounts/captcha/work.py:_key": "proof of work",
    "feedback/accounts/claiming/codes.py:_digest": "mailed code for imported words",
    "feedback/accounts/claiming/codes.py:_new_code": "code of the team for imported words",
    "feedback/accounts/handover/keys.py:make_key": "secret of a product's hand-over",
    "feedback/accounts/handover/keys.py:retire_key": "secret of a product's hand-over",
    "feedback/accounts/handover/tokens.py:_verified": "token of a hand-over",
    "feedback/accounts/handover/views.py:_come_in": "who was asked at a hand-over",
    "feedback/accounts/handover/views.py:opening": "who was asked at a hand-over",
    "feedback/accounts/joining/models.py:QuizQuestion._value": "none: names an answer of the quiz so that its place tells nothing",
    "feedback/accounts/joining/models.py:new_code": "invitation",
    "feedback/accounts/limits.py:is_over": "none: counts an address of a visitor without keeping it",
    "feedback/accounts/providers/oidc.py:CheckedOpenID._decode_id_token": "none: the token of a server that we asked ourselves (tests/accounts/doors/test_providers.py)",
    "feedback/accounts/providers/oidc.py:CheckedOpenID.complete_login": "none: as above, and that it is for this request",
    "feedback/accounts/providers/oidc.py:_key": "none: as above, and whose it is",
    "feedback/accounts/providers/views.py:begin": "none: as above; lies in the session until the server has answered",
    "feedback/accounts/second_step/adapter.py:SecondStepAdapter.decrypt": "none: a secret that nobody knows, for one that cannot be read",
    "feedback/asks/coverage.py:forget_summaries": "none: names what is kept in the cache",
    "feedback/desk/importing/upload.py:Arriving.file_complete": "none: the name of a file in our own folder",
    "feedback/desk/importing/upload.py:Arriving.receive_data_chunk": "none: the name of a file in our own folder",
    "feedback/desk/quality/views.py:_case_of": "case to be judged",
    "feedback/desk/quality/views.py:_shown": "case to be judged",
    "feedback/encoder/app.py:EncoderApp._authenticate": "token of the encoder",
    "feedback/forum/guests/operations.py:bring_guest": "none: tells guests apart without their addresses",
    "feedback/forum/guests/permissions.py:": "address of what was sent without an account",
    "feedback/forum/moderation/permissions.py:": "key of a decision",
    "feedback/forum/moderation/views.py:_visitor": "none: counts an address of a visitor without keeping it",
    "feedback/kernel/public_ids.py:new_public_id": "none: names a thing; who may see that, its room asks each time",
    "feedback/kernel/request_id.py:chosen": "none: names a request in the log",
    "feedback/notify/channels/push/devices.py:renew": "secret of a browser's push",
    "feedback/notify/channels/push/devices.py:turn_on": "secret of a browser's push",
    "feedback/notify/channels/push/encryption.py:encrypted": "none: the salt of one message",
    "feedback/notify/channels/webhook/kinds/dingtalk.py:sign": "none: signs with what the team was given there",
    "feedback/notify/channels/webhook/kinds/feishu.py:sign": "none: signs with what the team was given there",
    "feedback/notify/channels/webhook/kinds/standard.py:new_secret": "secret of a webhook",
    "feedback/notify/mailbox/addresses.py:_mark": "address of a reply",
    "feedback/notify/mailbox/addresses.py:_public_id_in": "address of what comes back",
    "feedback/notify/models/feeds.py:new_key": "key of own feeds",
    "feedback/notify/wishes/tokens.py:": "link that stops mails",
    "feedback/notify/wishes/tokens.py:_read": "link that mutes one thing",
    "feedback/ops/archive/drill.py:_scratch": "none: the name of a database for a moment",
    "feedback/ops/first_start.py:readable_password": "none: a password, which is checked as any other",
    "feedback/ops/views.py:metrics": "token of the figures",
    "feedback/ops/worker.py:work": "none: names a worker in the queue",
}
#: Kinds that Django, django-allauth or django-anymail make or read, or that a maker above is named for under another kind.
MADE_ELSEWHERE = {
    "session",
    "code by mail",
    "recovery code",
    "link of another password",
    "link that confirms an address",
    "offer of a role",
    "secret of the mail provider",
    "token for a push service",
}


def found() -> set[str]:
    """Return ``file:function`` (or ``file:`` for what stands beside all functions) of each use."""
    every = [*(ROOT / "feedback").rglob("*.py"), *(ROOT / "config").rglob("*.py")]
    return {
        f"{path.relative_to(ROOT)}:{where}"
        for path in every
        if "migrations" not in path.parts
        for where in _uses(ast.parse(path.read_text(encoding="utf-8")), "")
    }


def _uses(node: ast.AST, where: str) -> set[str]:
    uses: set[str] = set()
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            continue
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        name = child.name if inside else ""  # type: ignore[attr-defined]
        called = getattr(child, "id", getattr(child, "attr", None))
        if called in _TELL:
            uses.add(where)
        uses |= _uses(child, f"{where}.{name}".lstrip(".") if inside else where)
    return uses
