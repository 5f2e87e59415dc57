"""Settings, read from the environment (see the table in README.md). Nothing secret has a default."""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from scoring_site.logs import logging_settings

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# -- where things live --------------------------------------------------------
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / ".state")))
BUNDLES_DIR = STATE_DIR / "bundles"
SNAPSHOTS_DIR = STATE_DIR / "snapshots"
REJECTS_DIR = STATE_DIR / "rejects"

# Whom backups are encrypted for (an age public key); without one the state folder makes a key pair of its own.
BACKUP_RECIPIENT = env.str("BACKUP_RECIPIENT", default="")

# -- the site -------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DEMO_DATA = env.bool("DEMO_DATA", default=False)
ROOT_URLCONF = "scoring_site.urls"
WSGI_APPLICATION = "scoring_site.wsgi.application"
AUTH_USER_MODEL = "applications.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "application_list"
LOGOUT_REDIRECT_URL = "login"

INSTALLED_APPS = [
    # Before ours, whose admin takes theirs away.
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "applications",
    "modelling",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "applications.middleware.traced",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "applications.middleware.monitors_without_session",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "applications.middleware.french_first",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "applications.sessions.limited",
    "django_otp.middleware.OTPMiddleware",
    "applications.middleware.second_factor_first",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
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
                "applications.context.site",
            ],
        },
    }
]

# -- PostgreSQL -----------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", engine="django.db.backends.postgresql")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# -- Celery and Valkey ------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
# No result backend: a result is a row in PostgreSQL, never a message.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
# Above the time limit: a message comes back only after the task that held it must be dead.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_keepalive": True,
    # Who saves does not wait for a broker that hangs, nor for a second try: the sweeper sends what was not sent.
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "measure-drift": {
        "task": "applications.tasks.measure_drift",
        "schedule": crontab(hour="3", minute="17"),
        "options": {"queue": "book"},
    },
    "sweep-lost-requests": {
        "task": "applications.tasks.sweep_lost_requests",
        "schedule": env.float("SWEEP_EVERY_SECONDS", default=20.0),
    },
    "drop-old-files": {
        "task": "applications.tasks.drop_old_files",
        "schedule": 600.0,
        "options": {"queue": "book", "expires": 600},
    },
    "renew-tallies": {
        "task": "applications.tasks.renew_tallies",
        "schedule": 30.0,
        "options": {"queue": "book", "expires": 30},
    },
    "renew-population": {
        "task": "applications.tasks.renew_population",
        "schedule": 600.0,
        "options": {"queue": "book", "expires": 600},
    },
    "close-lost-trainings": {"task": "applications.tasks.close_lost_trainings", "schedule": 60.0},
    **{
        f"show-life-of-{queue}": {
            "task": "applications.tasks.show_life",
            "schedule": 20.0,
            "args": (queue,),
            "options": {"queue": queue, "expires": 60},
        }
        for queue in ("interactive", "book", "lab")
    },
}
# A request older than this, with nothing waiting in its queue, was lost on the way.
REQUEST_LOST_AFTER_SECONDS = env.int("REQUEST_LOST_AFTER_SECONDS", default=30)
ASSESSMENT_CHUNK_SIZE = 500
# The book is assessed so many clients at a time, by at most so many workers at once.
BOOK_CHUNK_SIZE = 5_000
BOOK_TURNS = env.int("BOOK_TURNS", default=8)

# -- drift and alerts -----------------------------------------------------------
# Each night the applications of the last days are compared with those the champion was trained on.
DRIFT_WINDOW_DAYS = env.int("DRIFT_WINDOW_DAYS", default=90)
DRIFT_LEAST_CLIENTS = env.int("DRIFT_LEAST_CLIENTS", default=200)
# A stability index from 0.25 is called strong (Siddiqi 2006).
DRIFT_SCORE_PSI_LIMIT = env.float("DRIFT_SCORE_PSI_LIMIT", default=0.25)
DRIFT_FEATURE_PSI_LIMIT = env.float("DRIFT_FEATURE_PSI_LIMIT", default=0.25)
ALERT_EMAILS = env.list("ALERT_EMAILS", default=[])
ALERT_WEBHOOK_URL = env.str("ALERT_WEBHOOK_URL", default="")
ALERT_WEBHOOK_SECRET = env.str("ALERT_WEBHOOK_SECRET", default="")
if ALERT_WEBHOOK_URL and not ALERT_WEBHOOK_SECRET:
    raise ImproperlyConfigured(
        "ALERT_WEBHOOK_URL wants ALERT_WEBHOOK_SECRET too: without it anybody can sign an alert."
    )
globals().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:25"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="scoring@localhost")

CACHES = {
    "default": {
        "BACKEND": "scoring_site.forgiving_cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {
            "serializer": "scoring_site.json_cache.JsonSerializer",
            # One that hangs is as good as one that is away: pages do not wait for it.
            "socket_connect_timeout": 1,
            "socket_timeout": 2,
        },
    }
}

# -- people and security --------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
AXES_VERBOSE = False
# How many proxies of yours stand before the site: their entries in X-Forwarded-For are believed, no others.
PROXIES = env.int("PROXIES", default=0)
AXES_CLIENT_IP_CALLABLE = "applications.addresses.client_address"
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=True)
OTP_TOTP_ISSUER = "Prêt à dépenser"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

SECURE_COOKIES = env.bool("SECURE_COOKIES", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_COOKIES
SECURE_HSTS_PRELOAD = SECURE_COOKIES
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", default=60) * 60
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
# A file to be scored: its size, and how many applicants it may hold. Nothing of a larger one is kept.
FILE_UPLOAD_HANDLERS = ["applications.uploads.Capped"]
UPLOAD_MOST_BYTES = 5_000_000
UPLOAD_MOST_LINES = 5_000

# -- languages -------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# -- static files -------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# -- the product's own --------------------------------------------------------------
# How an imported application finds its agency: "by_id" spreads them by number over all agencies.
AGENCY_RULE = env.str("AGENCY_RULE", default="by_id")
# Where trainings are written down as MLflow runs; "" is the folder mlruns in the state folder.
MLFLOW_TRACKING_URI = env.str("MLFLOW_TRACKING_URI", default="")
# A feature that alone tells sex or age with a higher AUC needs a named person's note before its version is promoted.
PROXY_AUC_LIMIT = env.float("PROXY_AUC_LIMIT", default=0.75)
# Of the applications that wait for a decision, how many a promotion's preview looks at.
PREVIEW_MOST = 20_000
# The cheapest threshold may stray from 1 / (1 + cost ratio) by this share of it before the calibration alarm rings.
CALIBRATION_GAP_LIMIT = env.float("CALIBRATION_GAP_LIMIT", default=0.25)
# From where on tables that differ from those the champion learnt from are told, and from where on they are refused: a
# difference of shares (of unseen words, values out of range, missing values, clients with rows), for `rows` a factor.
_BY_NAME = {"value": float}
QUALITY_WARN = {"unseen": 0.001, "outside": 0.001, "missing": 0.05, "owners": 0.05, "rows": 1.5} | env.dict(
    "QUALITY_WARN", cast=_BY_NAME, default={}
)
QUALITY_BLOCK = {"unseen": 0.05, "outside": 0.05, "missing": 0.2, "owners": 0.2, "rows": 3.0} | env.dict(
    "QUALITY_BLOCK", cast=_BY_NAME, default={}
)
# What chance alone brings more often than this is told to nobody.
QUALITY_CHANCE = env.float("QUALITY_CHANCE", default=0.00001)

# Prometheus reads /metrics with this word as a bearer token; without one the address does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_RATES": {"login": "60/min", "api": env.str("API_RATE", default="600/min")},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "applications.api.problems.answer_problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Prêt à dépenser",
    "DESCRIPTION": "Credit applications, their assessments and explanations. Probabilities are of default, in [0, 1].",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SERVE_AUTHENTICATION": [
        "applications.api.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "POSTPROCESSING_HOOKS": ["applications.api.schema.tell_problems"],
    # Served from here, not from elsewhere.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = logging_settings(env.str("LOG_LEVEL", default="INFO"))
