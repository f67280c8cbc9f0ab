"""GitHub, Google, WeChat, Feishu and DingTalk, played on loopback: each takes and answers what its own documentation says."""

import base64
import hashlib
import secrets
import time
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.feishu.client import FeishuOAuth2Client
from allauth.socialaccount.providers.feishu.views import FeishuOAuth2Adapter
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.accounts.doors.answering import Answering, Asked

CLIENT, SECRET, TOKEN = "heed", "a secret", "open sesame"
WHO = "Cleo 克莉奥"


class Provider(Answering):
    """One provider. ``person`` is who says yes there; ``token`` and ``profile`` are laid over what it answers."""

    #: Its name here, and where django-allauth looks for it: (class, attribute, path).
    name: ClassVar[str]
    places: ClassVar[list[tuple[type, str, str]]]
    #: What it calls the client in the address that leads there, and the code in the one that leads back.
    client, code = "client_id", "code"
    has_pkce = False

    def __init__(self) -> None:
        self.be_honest()
        super().__init__()

    def be_honest(self) -> None:
        """Forget what it was told to say otherwise."""
        self.token: dict[str, Any] = {}
        self.profile: dict[str, Any] = {}
        self.broken = set()
        self.codes: dict[str, dict[str, str]] = {}

    def settings(self) -> dict[str, Any]:
        """Return what an operator's environment comes to (`config.sign_in`)."""
        app = {
            "client_id": CLIENT,
            "secret": SECRET,
            "key": "",
            "settings": {"email_authentication": self.has_pkce},
        }
        return {self.name: {"APPS": [app], "OAUTH_PKCE_ENABLED": self.has_pkce}}

    def approve(self, address: str) -> str:
        """Do as somebody does who says yes on the page at ``address``; return where their browser goes then."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}" == self.url and parts.path == "/authorise"
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        assert asked[self.client] == CLIENT and asked["response_type"] == "code"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        back = urlencode({self.code: code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{back}"

    def redeemed(self, asked: Asked, *, client: str, secret: str, code: str = "code") -> bool:
        """Whether ``asked`` has the client's secret and a code that was given and not taken yet."""
        begun = self.codes.pop(asked.said.get(code, ""), None)
        if begun is None:
            return False
        if self.has_pkce:
            digest = hashlib.sha256(asked.said.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != begun["code_challenge"]:
                return False
        return (asked.said.get(client), asked.said.get(secret)) == (CLIENT, SECRET)


class GitHub(Provider):
    """https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps."""

    name, has_pkce = "github", True
    places: ClassVar = [
        (GitHubOAuth2Adapter, "authorize_url", "/authorise"),
        (GitHubOAuth2Adapter, "access_token_url", "/token"),
        (GitHubOAuth2Adapter, "profile_url", "/user"),
        (GitHubOAuth2Adapter, "emails_url", "/user/emails"),
    ]
    #: Without "Accept: application/json" it answers as forms do.
    content_type = "application/x-www-form-urlencoded; charset=utf-8"

    def be_honest(self) -> None:
        super().be_honest()
        self.content_type = type(self).content_type
        self.emails = [{"email": "cleo@acme.example", "primary": True, "verified": True}]

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/token":
            if not self.redeemed(asked, client="client_id", secret="client_secret"):
                return 200, urlencode({"error": "bad_verification_code"})
            said = {"access_token": TOKEN, "scope": "user:email", "token_type": "bearer"}
            return 200, urlencode(said | self.token)
        if asked.headers.get("authorization") != f"token {TOKEN}":
            return 401, {"message": "Bad credentials"}
        if asked.path == "/user/emails":
            return 200, self.emails
        made = {"id": 7, "login": "cleo", "name": WHO, "created_at": "2015-01-01T00:00:00Z"}
        return 200, made | {"avatar_url": "https://a.example/7", "email": None} | self.profile


class Google(Provider):
    """https://developers.google.com/identity/openid-connect/openid-connect."""

    name, has_pkce = "google", True
    places: ClassVar = [
        (GoogleOAuth2Adapter, "authorize_url", "/authorise"),
        (GoogleOAuth2Adapter, "access_token_url", "/token"),
        (GoogleOAuth2Adapter, "identity_url", "/userinfo"),
    ]
    _key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.path != "/token":
            return 404, {}
        if not self.redeemed(asked, client="client_id", secret="client_secret"):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        said = {
            "iss": "https://accounts.google.com",
            "aud": CLIENT,
            "azp": CLIENT,
            "sub": "7",
            "email": "cleo@acme.example",
            "email_verified": True,
            "name": WHO,
            "iat": now,
            "exp": now + 3600,
        } | self.profile
        signed = jwt.encode(said, self._key, algorithm="RS256", headers={"kid": "one"})
        return 200, {"access_token": TOKEN, "expires_in": 3599, "id_token": signed} | self.token


class WeChat(Provider):
    """https://developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/Wechat_Login.html."""

    name, client = "weixin", "appid"
    places: ClassVar = [
        (WeixinOAuth2Adapter, "authorize_url", "/authorise"),
        (WeixinOAuth2Adapter, "access_token_url", "/token"),
        (WeixinOAuth2Adapter, "profile_url", "/userinfo"),
    ]
    #: It sends JSON and calls it so.
    content_type = "text/plain"

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/token":
            if not self.redeemed(asked, client="appid", secret="secret"):
                return 200, {"errcode": 40029, "errmsg": "invalid code"}
            said = {
                "access_token": TOKEN,
                "expires_in": 7200,
                "openid": "7",
                "scope": "snsapi_login",
            }
            return 200, said | self.token
        if (asked.said.get("access_token"), asked.said.get("openid")) != (TOKEN, "7"):
            return 200, {"errcode": 40003, "errmsg": "invalid openid"}
        return 200, {"openid": "7", "nickname": WHO, "unionid": "u7", "sex": 0} | self.profile


class Feishu(Provider):
    """https://open.feishu.cn/document/server-docs/authentication-management/login-state-management."""

    name, client = "feishu", "app_id"
    places: ClassVar = [
        (FeishuOAuth2Adapter, "authorization_url", "/authorise"),
        (FeishuOAuth2Adapter, "access_token_url", "/token"),
        (FeishuOAuth2Client, "app_access_token_url", "/app"),
        (FeishuOAuth2Adapter, "user_info_url", "/userinfo"),
    ]

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/app":
            if (asked.said.get("app_id"), asked.said.get("app_secret")) != (CLIENT, SECRET):
                return 200, {"code": 10014, "msg": "app secret invalid"}
            return 200, {"code": 0, "app_access_token": "the app", "expire": 7200}
        if asked.path == "/token":
            begun = self.codes.pop(asked.said.get("code", ""), None)
            if begun is None or asked.said.get("app_access_token") != "the app":
                return 200, {"code": 20003, "msg": "code is invalid"}
            return 200, {
                "code": 0,
                "data": {"access_token": TOKEN, "expires_in": 7200} | self.token,
            }
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return 200, {"code": 20005, "msg": "access token is invalid"}
        return 200, {
            "code": 0,
            "data": {"open_id": "7", "union_id": "u7", "name": WHO} | self.profile,
        }


class DingTalk(Provider):
    """https://open.dingtalk.com/document/orgapp/tutorial-obtaining-user-personal-information."""

    name, code = "dingtalk", "authCode"
    places: ClassVar = [
        (DingTalkOAuth2Adapter, "authorize_url", "/authorise"),
        (DingTalkOAuth2Adapter, "access_token_url", "/token"),
        (DingTalkOAuth2Adapter, "profile_url", "/me"),
    ]

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/token":
            if not self.redeemed(asked, client="clientId", secret="clientSecret"):
                return 400, {"code": "invalidParameter.authCode.notFound"}
            return 200, {
                "accessToken": TOKEN,
                "refreshToken": "again",
                "expireIn": 7200,
            } | self.token
        if asked.headers.get("x-acs-dingtalk-access-token") != TOKEN:
            return 401, {"code": "InvalidAuthentication"}
        return 200, {"openId": "7", "unionId": "u7", "nick": WHO, "mobile": "1"} | self.profile


KNOWN = (DingTalk, Feishu, GitHub, Google, WeChat)
