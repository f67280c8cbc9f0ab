"""OpenID Connect with every check: signature, nonce, and that both answers speak of the same person."""

import hmac
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

#: Signatures that a public key checks. Never one by a secret, and never none.
_SIGNATURES = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]


class Callback(OAuth2CallbackView):
    """Hands the nonce that was sent on to who checks it."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, answer


class CheckedOpenID(OpenIDConnectOAuth2Adapter):
    """django-allauth believes the token that it fetched itself; here its signature and nonce are checked all the same."""

    nonce = ""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("The server sent no id_token.")
        claims = self._decode_id_token(app, id_token)
        if not self.nonce or not hmac.compare_digest(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("The id_token is for another request.")
        told = self._fetch_user_info(token.token) if self._has_userinfo() else dict(claims)
        if told.get("sub") != claims["sub"]:
            raise OAuth2Error("The id_token and the userinfo speak of different people.")
        # Some servers say "true" in quotes; everything else that is not true is no.
        checked = told.get("email_verified")
        told["email_verified"] = checked is True or checked == "true"
        return self.get_provider().sociallogin_from_response(request, {"userinfo": told})

    def _has_userinfo(self) -> bool:
        return bool(self.openid_config.get("userinfo_endpoint"))

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            known = answer.json()
        try:
            header = jwt.get_unverified_header(id_token)
            key = _key(jwt.PyJWKSet.from_dict(known), header)
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=key,
                algorithms=_SIGNATURES,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=60,
                options={"require": ["iss", "aud", "exp", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("The id_token is not to be believed.") from error
        return claims


def _key(known: jwt.PyJWKSet, header: dict[str, Any]) -> Any:
    """Return the key that a token names; a server with one key need not name it."""
    named = [key for key in known.keys if key.key_id == header.get("kid")]
    found = named or (known.keys if len(known.keys) == 1 and "kid" not in header else [])
    if not found:
        raise OAuth2Error("No key of the server has this name.")
    return found[0]
