"""The addresses of the API, version 1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from applications.api.views import applications, assessments, model, population, predictions
from applications.api.views.base import Nowhere

app_name = "api"
urlpatterns = [
    path("applications", applications.Applications.as_view(), name="applications"),
    path("applications/<int:number>", applications.OneApplication.as_view(), name="application"),
    path("applications/<int:number>/assessments", assessments.Assessments.as_view(), name="assessments"),
    path("applications/<int:number>/assessment", assessments.CurrentAssessment.as_view(), name="assessment"),
    path("applications/<int:number>/explanation", assessments.Explanation.as_view(), name="explanation"),
    path("applications/<int:number>/similar", population.SimilarClients.as_view(), name="similar"),
    path("predictions", predictions.OnePrediction.as_view(), name="prediction"),
    path("predictions/batch", predictions.ManyPredictions.as_view(), name="predictions"),
    path("model", model.Model.as_view(), name="model"),
    path("model/importance", model.GlobalExplanation.as_view(), name="importance"),
    path("policy", model.PolicyInForce.as_view(), name="policy"),
    path("features", model.Features.as_view(), name="features"),
    path("features/<str:key>", model.OneFeature.as_view(), name="feature"),
    path("features/<str:key>/statistics", population.FeatureStatistics.as_view(), name="statistics"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    re_path("", Nowhere.as_view()),
]
