"""All settings, from the environment, with safe defaults.

``EMBEDDED=1`` (set only by the Makefile) switches to the embedded default: SQLite, a broker in the file
system, mails into ``var/mail/``, ``/dev/``. Without it this is production, which refuses to start with an
unsafe configuration and says in one sentence what to set (promise P15; ``mentoring/startup_checks.py``).
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mentoring import startup_checks

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

EMBEDDED = env.bool("EMBEDDED", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
startup_checks.check(env.ENVIRON, embedded=EMBEDDED)

# ── keys and addresses ───────────────────────────────────────────────────────
if EMBEDDED:
    SECRET_KEY, LINK_KEY = startup_checks.embedded_keys(VAR_DIR)
    BASE_URL = env.str("BASE_URL", default=f"http://localhost:{env.int('PORT', default=8000)}")
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
else:
    SECRET_KEY, LINK_KEY = env.str("SECRET_KEY"), env.str("LINK_KEY")
    BASE_URL = env.str("BASE_URL").rstrip("/")
    ALLOWED_HOSTS = [startup_checks.host_of(BASE_URL), *env.list("ALLOWED_HOSTS", default=[])]
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
DEBUG = False
ROOT_URLCONF = "mentoring.urls"
WSGI_APPLICATION = "mentoring.wsgi.application"
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
CAMPUS_NETWORKS = startup_checks.networks(
    "CAMPUS_NETWORKS", env.list("CAMPUS_NETWORKS", default=[])
)
DB_QUERY_HEADER = env.bool("DB_QUERY_HEADER", default=False)

# ── applications, middleware, templates ──────────────────────────────────────
INSTALLED_APPS = [
    "mentoring.desk.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "core.audit",
    "core.links",
    "outbox",
    "accounts",
    "programme",
    "mentors",
    "mentees",
    "matching",
    "workshops",
    "meetings",
    "mentoring.public",
    "mentoring.desk.apps.DeskConfig",
    "mentoring.operations",
]
if EMBEDDED:
    INSTALLED_APPS.append("mentoring.devtools")
MIDDLEWARE = [
    "mentoring.middleware.request_context",
    # Before SecurityMiddleware, which answers plain HTTP and foreign hosts itself.
    "mentoring.middleware.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mentoring.middleware.known_methods",
    "mentoring.middleware.Bodies",
    "accounts.middleware.SecondFactor",  # as Bodies, once the view is found; the person is known by then
    "mentoring.operations.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mentoring.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.kept_input.kept_input",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "programme.context.organisation",
            ],
            "builtins": ["core.templatetags.ui"],
            "libraries": {"tandem_lines": "mentoring.home.tags"},
        },
    }
]
FORM_RENDERER = "core.forms.rendering.FormRenderer"
CRISPY_TEMPLATE_PACK = CRISPY_ALLOWED_TEMPLATE_PACKS = "ui"
CRISPY_FAIL_SILENTLY = False
FORMS_URLFIELD_ASSUME_HTTPS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── database, cache, broker ──────────────────────────────────────────────────
if EMBEDDED and "DATABASE_URL" not in env.ENVIRON:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "mentoring.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
            # A file, since in-memory databases lock whole tables against the live server's threads.
            "TEST": {"NAME": VAR_DIR / "test.sqlite3"},
        }
    }
else:
    DATABASES = {"default": env.db_url("DATABASE_URL")}
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)

REDIS_URL = env.str("REDIS_URL", default="")
CACHE_ENTRIES = (
    100_000  # entries of the database cache; beyond that it drops some at random, counters too
)
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            # A request waits for it at most this long (seconds); without this, for ever.
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},
        }
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "socket_connect_timeout": 0.5,
        "socket_timeout": 30,
        "visibility_timeout": 3600,
    }
else:
    # In the database, since sign-in limits and used codes must be shared by all processes (promise P1).
    CACHES = {
        "default": {
            "BACKEND": "core.limits.CountingCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": CACHE_ENTRIES},
        }
    }
    CELERY_BROKER_URL = "folder://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }

# Pages and facts that are the same for everybody, in this process (core/page_cache.py). Bounded: the entry
# asked for longest ago goes first.
CACHES["shared"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "shared",
    "OPTIONS": {"MAX_ENTRIES": 200},
}

# ── celery: the database is the queue, a message only says "sweep now" (promises S2, S3, P16) ─────────
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "mentoring.sweep", "schedule": 60.0, "options": {"expires": 55}}
}
# In memory: the one entry needs no file that a machine must have and a crash may leave broken.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

# ── mail (outbox sends; nothing else may) ──────────────────────────
EMAIL_BACKEND = "outbox.transport.RefusingBackend"
MAIL_URL = env.str("EMAIL_URL", default="") or (VAR_DIR / "mail").as_uri()
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default=startup_checks.host_of(BASE_URL))
MAIL_FROM = env.str("MAIL_FROM", default=f"mentoring@{MAIL_DOMAIN}")
MAIL_LETTERHEAD = "programme.letterhead.letterhead"
MAIL_CONNECTIONS = env.int("MAIL_CONNECTIONS", default=2)
EMAIL_TIMEOUT = 60
TASK_APP = "mentoring.celery.app"

# ── people ───────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/account/arrive/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.ContextWordsValidator"},
    {"NAME": "accounts.passwords.MaximumLengthValidator", "OPTIONS": {"max_length": 128}},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
]  # sign-up is closed; this gives staff a password field
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_RATE_LIMITS = False  # core.limits counts, everywhere alike
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.FactorSetUpForm",
    "authenticate": "accounts.forms.FactorForm",
    "reauthenticate": "accounts.forms.FactorAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODE_COUNT = 10
MFA_TOTP_ISSUER = "Mentoring"

# Failed sign-ins, and codes that are mailed, in an hour from all networks together (promise P1).
SIGN_IN_LIMIT = env.int("SIGN_IN_LIMIT", default=1000)

# ── cookies and headers (promises P5, P6) ────────────────────────────────────
SECURE = not EMBEDDED
_prefix = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_prefix}session"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
KEPT_INPUT_COOKIE_NAME = f"{_prefix}kept"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
STAFF_IDLE_SECONDS = 30 * 60
CSRF_FAILURE_VIEW = "mentoring.operations.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 900  # our longest form has about 200
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# ── language and time ────────────────────────────────────────────────────────
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["core.formats"]
LANGUAGE_COOKIE_AGE = 31_536_000
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Berlin"

# ── files ────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", startup_checks.bootstrap_dir())]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = EMBEDDED
WHITENOISE_ALLOW_ALL_ORIGINS = (
    False  # these files are for this site's pages only (Cross-Origin-Resource-Policy)
)
if not EMBEDDED:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# ── logs: ids only, no bodies, no query strings (promise P10) ────────────────
LOGGING_CONFIG = "mentoring.operations.logs.configure"
# Not empty, since Django calls LOGGING_CONFIG only for a non-empty LOGGING.
LOGGING: dict[str, object] = {"version": 1}
