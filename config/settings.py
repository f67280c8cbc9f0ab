"""All settings, from the environment. docs/ops/settings.md documents every knob; a test keeps it complete.

A secret may be given as a file: ``HEED_SECRET_KEY_FILE=/run/secrets/key`` is read when ``HEED_SECRET_KEY`` is
not set.
"""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config import environment as env
from config import guards, logs, sign_in
from config.databases import databases
from config.kept_secret import kept_secret
from config.storage import bucket
from feedback.kernel import hiding, replica

BASE_DIR = Path(__file__).resolve().parent.parent

env.tidy()
_SECRETS = (
    "HEED_SECRET_KEY",
    "DATABASE_URL",
    "HEED_REPLICA_URL",
    "EMAIL_URL",
    "HEED_MAIL_IN",
    "HEED_FILES",
    "HEED_ENCODER_TOKEN",
    "HEED_METRICS_TOKEN",
    *sign_in.SECRETS,
    *guards.SECRETS,
)
for _secret in _SECRETS:
    env.from_file(_secret)

DATA_DIR = env.folder("HEED_DATA_DIR", BASE_DIR / "var")

# --- The site -----------------------------------------------------------------------------------------
DEBUG = env.yes("HEED_DEBUG", False)
SECRET_KEY = env.secret("HEED_SECRET_KEY", least=20) or kept_secret(DATA_DIR)
hiding.hide([SECRET_KEY, *(os.environ.get(name, "") for name in _SECRETS)])
hiding.hide_in_tracebacks()
SITE_NAME = env.text("HEED_SITE_NAME", "Heed")
BASE_URL = env.address("HEED_BASE_URL", "http://127.0.0.1:8000")
_IS_HTTPS = urlsplit(BASE_URL).scheme == "https"
_host = urlsplit(BASE_URL).hostname or "localhost"
ALLOWED_HOSTS = [*env.hosts("HEED_ALLOWED_HOSTS"), f"[{_host}]" if ":" in _host else _host]
ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SIGNUP_OPEN = env.yes("HEED_SIGNUP_OPEN", True)
#: Whether nobody reads anything without signing in; None where the desk says so.
SITE_PRIVATE = env.yes_if_said("HEED_SITE_PRIVATE")
ADMIN_EMAIL = env.mail_address("HEED_ADMIN_EMAIL", "admin@heed.local")

# --- Rooms --------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "feedback.ui",
    "feedback.site",
    "feedback.desk",
    "feedback.sample",
    "feedback.importing",
    "feedback.notify",
    "feedback.honours",
    "feedback.briefs",
    "feedback.roadmap",
    "feedback.measure",
    "feedback.grouping",
    "feedback.asks",
    "feedback.forum",
    "feedback.identity",
    "feedback.accounts",
    "feedback.journal",
    "feedback.ops",
    "config.apps.OperatorsAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *sign_in.APPS,
    "django_tasks",
    "django_tasks_db",
    "csp",
]
MIDDLEWARE = [
    "feedback.ops.web.identified.Identified",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "feedback.kernel.clean_requests.CleanRequestMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "feedback.ops.web.at_the_door.AtTheDoor",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "feedback.accounts.restrictions.SuspensionMiddleware",
    "feedback.accounts.language.LanguageMiddleware",
    "config.private_site.PrivateSite",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "feedback.accounts.second_step.middleware.SecondStepMiddleware",
    "feedback.kernel.refusals.RefusalMiddleware",
    "feedback.forum.addresses.middleware.OldAddresses",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A template lies beside its view and is called by its path: "forum/posts/post_detail.html".
        "DIRS": [BASE_DIR / "feedback"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "feedback.forum.products.context.products",
                "feedback.site.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------------
DATABASES = databases(DATA_DIR)
if replica.ALIAS in DATABASES:
    DATABASE_ROUTERS = ["feedback.kernel.replica.Router"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("feedback.accounts.restrictions.SuspensionMiddleware") + 1,
        "feedback.kernel.replica.ReadsFromReplica",
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What must count the same in every process lies in the database: how often somebody tried to sign in. What pages
# show again for a moment stays with each process, so that showing a page never waits for a writer.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "heed_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}

# --- People -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "feedback.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "feedback.accounts.joining.fields.SigningUp"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail may take its time
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "feedback.accounts.adapter.display_name"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "signup": "feedback.accounts.joining.forms.SignUpForm",
    "user_token": "feedback.accounts.reset_link.ResetLinkForm",
}
#: What opens an account is changed by whoever has just shown who they are.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
SOCIALACCOUNT_ADAPTER = "feedback.accounts.providers.adapter.SocialAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "feedback.accounts.joining.forms.SocialSignUpForm",
    "disconnect": "feedback.accounts.providers.forms.DisconnectForm",
}
SOCIALACCOUNT_AUTO_SIGNUP = False  # who comes by a provider chooses a name, and reads the rules
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8
SOCIALACCOUNT_PROVIDERS = sign_in.providers()
MFA_ADAPTER = "feedback.accounts.second_step.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # clocks of phones are half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _host == "localhost"
#: Whether the team must have a second step, or a passkey.
TEAM_SECOND_STEP = env.yes("HEED_TEAM_SECOND_STEP", False)

# --- Programs, spam and other languages ---------------------------------------------------------------
CAPTCHA = guards.captcha()
#: Who is asked about what new people post, beside the house's own rules.
CHECKER = guards.checker()
TRANSLATE = guards.translate()

# --- Mail ---------------------------------------------------------------------------------------------
#: A provider that is spoken to by its own interface, "" where mails leave by SMTP or not at all.
MAIL_PROVIDER, ANYMAIL = env.mail_provider("EMAIL_URL")
_mail = {} if MAIL_PROVIDER else env.mail_server("EMAIL_URL")
HAS_MAIL_SERVER = bool(_mail or MAIL_PROVIDER)
if MAIL_PROVIDER:
    INSTALLED_APPS.append("anymail")
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL_PROVIDER, 443
    ANYMAIL = {"REQUESTS_TIMEOUT": 10, **ANYMAIL}
elif HAS_MAIL_SERVER:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
    EMAIL_TIMEOUT = 10
else:
    # Without a mail server every mail lies in the data directory as a file, to be read there.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
DEFAULT_FROM_EMAIL = env.sender(
    "HEED_FROM_EMAIL",
    called=SITE_NAME,
    otherwise=f"heed@{_host if ':' not in _host else 'localhost'}",
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
#: What stands behind the @ of Message-IDs: the sender's own domain.
MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
MAIL_PER_MINUTE = env.number("HEED_MAIL_PER_MINUTE", 0, least=0, most=1_000_000)
#: The mailbox in which replies and bounces arrive; empty where there is none, or a provider hands them over.
MAIL_IN = env.mailbox("HEED_MAIL_IN")
#: Its address; what names a mail stands behind a + in it, so 35 of the 64 characters before an @ are its own.
MAIL_IN_ADDRESS = env.mail_address(
    "HEED_MAIL_IN_ADDRESS", MAIL_IN.get("user", ""), most_before_at=35
)
if MAIL_IN and not 1 < MAIL_IN_ADDRESS.find("@") + 1 <= 36:
    env.wrong("HEED_MAIL_IN_ADDRESS", "it must be the address of the mailbox of HEED_MAIL_IN")
if MAIL_IN_ADDRESS and not MAIL_IN and "WEBHOOK_SECRET" not in ANYMAIL:
    env.wrong("HEED_MAIL_IN_ADDRESS", "it is no use without HEED_MAIL_IN")
#: Whether mails say that what cannot be delivered goes back to that mailbox.
MAIL_RETURN_PATH = env.yes("HEED_MAIL_RETURN_PATH", False)
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if HAS_MAIL_SERVER else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = HAS_MAIL_SERVER  # of what opens an account
MFA_ALLOW_UNVERIFIED_EMAIL = not HAS_MAIL_SERVER  # nobody could ever confirm theirs
#: Who may sign up: "open", "invitation", "domain" or "closed", "" where the desk says so; and the domains.
SIGN_UP, SIGN_UP_DOMAINS = sign_in.ways_up(
    "HEED_SIGN_UP", "HEED_SIGN_UP_DOMAINS", is_closed=not SIGNUP_OPEN, has_mail=HAS_MAIL_SERVER
)

# --- Languages ----------------------------------------------------------------------------------------
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
_languages = {code: code for code, _ in LANGUAGES}
LANGUAGE_CODE = env.choice(
    "HEED_LANGUAGE",
    "en",
    _languages | dict.fromkeys(("zh", "zh-cn", "zh_hans", "zh_cn"), "zh-hans"),
)
LOCALE_PATHS = [BASE_DIR / "feedback" / "ui" / "locale"]
TIME_ZONE = env.time_zone("HEED_TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

# --- Processes: encoder, jobs, web ---------------------------------------------------------------------
ENCODER = env.text("HEED_ENCODER", "fused-minilm")
ENCODER_URL = env.address("HEED_ENCODER_URL", "http://127.0.0.1:8765")
OWN_ENCODER_URL = env.address("HEED_OWN_ENCODER_URL")
ENCODER_TOKEN = env.secret("HEED_ENCODER_TOKEN")
ENCODER_THREADS = env.number("HEED_ENCODER_THREADS", 2, least=1, most=256)
PLACING_PRECISION = env.share("HEED_PLACING_PRECISION", 0.9)
WEB_WORKERS = env.number("HEED_WEB_WORKERS", 2, least=1, most=256)
WEB_THREADS = env.number("HEED_WEB_THREADS", 4, least=1, most=256)
IMPORT_BYTES = 1_000_000 * env.number("HEED_IMPORT_MEGABYTES", 200, least=1, most=100_000)
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["quick", "vectors", "slow", "files", "mail", "mailbox", "webhooks", "push"],
    }
}

# --- Static files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
#: The bucket in which files lie, empty where they lie in the data folder.
FILES_BUCKET = bucket("HEED_FILES")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "feedback.kernel.bucket.BucketStorage", "OPTIONS": FILES_BUCKET}
    if FILES_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "feedback.kernel.style_sheets.JoinedStyleSheets"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = DATA_DIR / "media"
VIDEO_BYTES = 1_000_000 * env.number("HEED_VIDEO_MEGABYTES", 50, least=0, most=10_000)
#: What one request may bring at most, all its files together; an import has a bound of its own.
UPLOAD_BYTES = max(VIDEO_BYTES, 60_000_000)
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "feedback.kernel.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Safety -------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, *CAPTCHA["hosts"]],
        "frame-src": [SELF, *CAPTCHA["hosts"]],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, *CAPTCHA["hosts"]],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _IS_HTTPS
# A browser takes a cookie called so from this host alone, and never from a neighbour of its domain.
_OF_THIS_HOST = "__Host-" if _IS_HTTPS else ""
WROTE_COOKIE_NAME = f"{_OF_THIS_HOST}heed_wrote"
SESSION_COOKIE_NAME = f"{_OF_THIS_HOST}heed_session"
CSRF_COOKIE_NAME = f"{_OF_THIS_HOST}heed_csrf"
LANGUAGE_COOKIE_NAME = "heed_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
_YEAR = 31_536_000
SECURE_HSTS_SECONDS = env.number(
    "HEED_HSTS_SECONDS", _YEAR if _IS_HTTPS else 0, least=0, most=10 * _YEAR
)
_proxies = env.number("HEED_TRUSTED_PROXY_COUNT", 1, least=1, most=100)
if env.yes("HEED_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = _proxies
#: Whether browsers may be sent news by the push services of their makers.
HAS_PUSH = env.yes("HEED_PUSH", True)
#: Private hosts, addresses and networks that webhooks may be sent to all the same; see `kernel.outbound`.
OUTBOUND_ALLOW = env.destinations("HEED_OUTBOUND_ALLOW")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Watching -----------------------------------------------------------------------------------------
#: What Prometheus shows to read `/metrics`; empty where nobody may, and nothing is counted.
METRICS_TOKEN = env.secret("HEED_METRICS_TOKEN", least=20)
_levels = {level.lower(): level for level in ("DEBUG", "INFO", "WARNING", "ERROR")}
LOG_FORMAT = env.choice("HEED_LOG_FORMAT", "text", {"text": "text", "json": "json"})
LOGGING = logs.logging_as(
    LOG_FORMAT,
    level=env.choice("HEED_LOG_LEVEL", "INFO", _levels),
)

#: Variables that nothing above asked for: a slip of the hand, which `doctor` tells of.
UNKNOWN_VARIABLES = env.not_known()
#: What was made of the settings above, and what the libraries that they name read from the environment themselves.
hiding.hide(hiding.known_to({name: value for name, value in globals().items() if name.isupper()}))
hiding.hide(hiding.known_to(os.environ))
