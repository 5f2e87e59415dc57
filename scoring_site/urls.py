"""The addresses of the site."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from applications.urls import (
    dictionary_urlpatterns,
    drift_urlpatterns,
    explanation_urlpatterns,
    journal_urlpatterns,
    model_urlpatterns,
    operations_urlpatterns,
    performance_urlpatterns,
    portfolio_urlpatterns,
    quality_urlpatterns,
    table_map_urlpatterns,
)
from applications.views import health, login

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="application_list")),
    path("applications/", include("applications.urls")),
    path("dictionary/", include(dictionary_urlpatterns)),
    path("quality/", include(quality_urlpatterns)),
    path("journal/", include(journal_urlpatterns)),
    path("model/explanation/", include(explanation_urlpatterns)),
    path("model/drift/", include(drift_urlpatterns)),
    path("model/performance/", include(performance_urlpatterns)),
    path("operations/", include(operations_urlpatterns)),
    path("portfolio/", include(portfolio_urlpatterns)),
    path("tables/", include(table_map_urlpatterns)),
    path("model/", include(model_urlpatterns)),
    path("login", login.Login.as_view(), name="login"),
    path("login/code", login.code, name="second_factor"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("language", set_language, name="set_language"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", include("applications.api.urls")),
    path("admin/", admin.site.urls),
]
handler500 = "scoring_site.failures.failed"
