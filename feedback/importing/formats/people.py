"""Who wrote a row: somebody with a name, or nobody in particular."""

import re
import unicodedata

#: What programs and people write where nobody is named, in small letters, by language.
_NOBODY = (
    # English
    "anonymous", "anon", "anonymous user", "anonymous customer", "anonymous contributor", "anonymous person", "a google user", "google user",
    "apple user", "app store user", "facebook user", "user", "a user", "guest", "guest user", "visitor", "member", "customer", "reviewer", "nobody",
    "someone", "somebody", "hidden", "hidden user", "private", "private user", "redacted", "withheld", "not available", "not specified", "unspecified", "unknown", "unknown user", "unnamed", "no name", "noname", "not provided", "deleted", "deleted user", "deleted account",
    "removed", "removed user", "former user", "former member", "ghost", "n/a", "na", "none", "null", "nil", "nan", "undefined",
    # German, French, Spanish, Portuguese, Italian, Dutch, the Nordic languages, Polish, Czech, Turkish
    "anonym", "anonymer nutzer", "anonymer benutzer", "ein google-nutzer", "google-nutzer", "nutzer", "benutzer", "gast", "gelöschter nutzer",
    "gelöschter benutzer", "unbekannt", "anonyme", "utilisateur anonyme", "un utilisateur de google", "utilisateur google", "utilisateur", "invité",
    "utilisateur supprimé", "inconnu", "anónimo", "anonimo", "usuario anónimo", "un usuario de google", "usuario de google", "usuario", "invitado",
    "usuario eliminado", "desconocido", "anônimo", "usuário anônimo", "um usuário do google", "usuário do google", "usuário", "convidado", "utente anonimo",
    "un utente google", "utente google", "utente", "ospite", "sconosciuto", "anoniem", "een google-gebruiker", "gebruiker", "gast", "anonymous bruker",
    "anonymní", "anonimowy", "użytkownik google", "użytkownik", "gość", "anonim", "google kullanıcısı", "bir google kullanıcısı", "kullanıcı", "misafir",
    # Russian, Ukrainian
    "аноним", "анонимно", "анонимный пользователь", "пользователь google", "пользователь", "гость", "удалённый пользователь", "удаленный пользователь",
    "неизвестно", "анонім", "користувач google", "користувач", "гість",
    # Chinese
    "匿名", "匿名用户", "匿名者", "匿名网友", "匿名網友", "匿名用戶", "匿名使用者", "google 用户", "google用户", "google 使用者", "google使用者", "google 用戶", "游客", "遊客", "访客", "訪客", "用户",
    "用戶", "使用者", "网友", "網友", "路人", "微信用户", "手机用户", "小程序用户", "已注销", "已注销用户", "用户已注销", "账号已注销", "帐号已注销", "该用户已注销", "该账号已注销", "已删除用户", "无名", "无名氏", "无",
    "未知", "未知用户", "未填写", "未命名",
    # Japanese, Korean
    "匿名さん", "匿名ユーザー", "匿名希望", "名無し", "名無しさん", "ゲスト", "ユーザー", "google ユーザー", "googleユーザー", "退会済みユーザー", "익명", "익명 사용자", "google 사용자", "google사용자", "사용자",
    "게스트", "방문자", "비회원", "탈퇴한 사용자", "이름 없음",
)  # fmt: skip
_NAMES = frozenset(_NOBODY)
#: What stands around such a word: "[deleted]", "(anonymous)", "-".
_AROUND = re.compile(r"^[\s\[(<{*_\-\"“【（]+|[\s\])>}*_.!\-\"”】）]+$")


def name_of(text: str) -> str:
    """Return an author's name on one line, "" for nobody: "Anonymous", "A Google user", "匿名用户", "[deleted]", "-".

    A number after such a word ("User 8812", "用户12345") tells people apart, so that is somebody.
    """
    bare = _AROUND.sub("", " ".join(unicodedata.normalize("NFKC", text).split())).casefold()
    if bare in _NAMES or not any(char.isalnum() for char in bare):
        return ""
    return " ".join(text.split())


def id_of(text: str) -> str:
    """Return an author's id, "" for what tables write where there is none: "0", "-1", zeros."""
    return "" if not text.strip("0-") or text == "-1" else text
