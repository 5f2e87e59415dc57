"""What the API takes and gives, resource by resource."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from applications.api.facts import Choice, FactsIn, FactsOut, StrictSerializer
from applications.api.pages import MOST_A_PAGE, USUAL_A_PAGE
from applications.models import Agency, Application, Assessment, Policy, Recommendation, Stage
from applications.selectors.dictionary import Origin
from applications.selectors.state import AssessmentState, assessment_state
from modelling.features.catalogue import LegalStatus
from modelling.features.schema import TABLES
from modelling.models import ModelVersion

LARGEST_NUMBER = 10**18
MOST_AT_ONCE = 1000


class ApplicationFilters(StrictSerializer):
    """The filters of the list of applications."""

    stage = Choice(Stage.choices, required=False)
    recommendation = Choice(Recommendation.choices, required=False)
    agency = serializers.SlugField(required=False, help_text="Code of an agency")
    received_from = serializers.DateField(required=False)
    received_to = serializers.DateField(required=False)
    cursor = serializers.CharField(required=False, help_text="From `next` or `previous`")
    page_size = serializers.IntegerField(min_value=1, max_value=MOST_A_PAGE, required=False, default=USUAL_A_PAGE)
    format = Choice(["json"], required=False)


class ApplicationSummary(serializers.ModelSerializer[Application]):
    """An application in a list."""

    number = serializers.IntegerField(source="sk_id_curr")
    agency = serializers.SlugRelatedField[Agency]("code", read_only=True)
    assessment_state = serializers.SerializerMethodField()
    probability = serializers.FloatField(source="current_assessment.probability", allow_null=True, default=None)
    recommendation = serializers.CharField(source="current_assessment.recommendation", allow_null=True, default=None)

    class Meta:
        model = Application
        fields = (
            "number", "client", "agency", "received_on", "version", "stage", "is_demo", "assessment_state",
            "probability", "recommendation",
        )  # fmt: skip

    def get_assessment_state(self, application: Application) -> AssessmentState:
        """Return how the application stands towards its assessment."""
        return assessment_state(application)


class ApplicationPage(serializers.Serializer[Any]):
    """A page of applications. next, previous: addresses of the pages beside it."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ApplicationSummary(many=True)


class ApplicationDetail(ApplicationSummary):
    """An application with its facts; what the law bars from models is not told."""

    facts = FactsOut(source="*")

    class Meta(ApplicationSummary.Meta):
        fields = (*ApplicationSummary.Meta.fields, "facts")  # type: ignore[assignment]  # one more


class NewApplication(StrictSerializer):
    """An application to submit. client: a client known here, whose credit history is then used."""

    client = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, required=False)
    agency = serializers.SlugField(required=False, help_text="Code of an agency; that of the key's person unless told")
    received_on = serializers.DateField(required=False, help_text="Today unless told")
    facts = FactsIn()


class ModelOut(serializers.ModelSerializer[ModelVersion]):
    """A model version."""

    class Meta:
        model = ModelVersion
        fields = ("number", "digest", "state", "catalogue_version", "snapshot_digest", "is_demo", "metrics")


class PolicyOut(serializers.ModelSerializer[Policy]):
    """A policy. Below accept_below: accept. From refuse_from: refuse. Between: a person examines."""

    class Meta:
        model = Policy
        fields = ("strategy", "version", "cost_ratio", "accept_below", "refuse_from", "medium_from", "high_from")


class AssessmentOut(serializers.ModelSerializer[Assessment]):
    """What the machine said of an application."""

    application = serializers.IntegerField(source="application_id")
    model_version = serializers.IntegerField(source="model_version.number")
    policy = PolicyOut()

    class Meta:
        model = Assessment
        fields = (
            "application", "application_version", "probability", "recommendation", "risk_level", "model_version",
            "policy", "created_at",
        )  # fmt: skip


class AssessmentStatus(serializers.Serializer[Any]):
    """How an application stands towards its assessment, with the one that counts, if any."""

    application = serializers.IntegerField()
    state = serializers.ChoiceField([state.value for state in AssessmentState])
    error = serializers.CharField(help_text="Why it failed; empty otherwise")
    assessment = AssessmentOut(allow_null=True)


class FactorOut(serializers.Serializer[Any]):
    """One feature of an explanation."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the factor's, not the serializer's own
    value = serializers.JSONField(help_text="A number in `unit`, a word, or null where missing")
    unit = serializers.CharField()
    contribution = serializers.FloatField(help_text="On the log-odds scale, signed")
    strength = serializers.IntegerField(min_value=1, max_value=4)
    is_opaque = serializers.BooleanField(help_text="An external score whose making the lender does not know")


class ExplanationOut(serializers.Serializer[Any]):
    """Why a probability came out: base + contributions + rest = log-odds of the probability."""

    application = serializers.IntegerField()
    probability = serializers.FloatField()
    base = serializers.FloatField()
    factors = FactorOut(many=True)
    rest = serializers.FloatField(help_text="The sum of the contributions not listed")
    rest_count = serializers.IntegerField()
    raising = FactorOut(many=True, help_text="The reasons that raise the risk, strongest first")
    lowering = FactorOut(many=True, help_text="The reasons that lower it, strongest first")


class Prediction(serializers.Serializer[Any]):
    """A probability computed now and not stored. error: why there is none; the other fields are then null."""

    application = serializers.IntegerField(allow_null=True)
    probability = serializers.FloatField(allow_null=True)
    recommendation = serializers.ChoiceField(Recommendation.choices, allow_null=True)
    risk_level = serializers.CharField(allow_null=True)
    model_version = serializers.IntegerField()
    raising = FactorOut(many=True)
    lowering = FactorOut(many=True)
    error = serializers.CharField()


class PredictionWanted(StrictSerializer):
    """What to compute a probability of: a known application by number, or facts."""

    application = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, required=False)
    facts = FactsIn(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse neither and both."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Give either `application` or `facts`.")
        return attrs


class PredictionsWanted(StrictSerializer):
    """Up to 1,000 of them."""

    items = serializers.ListField(child=PredictionWanted(), min_length=1, max_length=MOST_AT_ONCE)


class Predictions(serializers.Serializer[Any]):
    """As many predictions as were asked for, in that order."""

    items = Prediction(many=True)


class FeatureFilters(StrictSerializer):
    """How to search the dictionary."""

    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=100)
    table = Choice([*TABLES], required=False, default="", allow_blank=True)
    unit = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)
    status = Choice([status.value for status in LegalStatus], required=False, default=None)
    origin = Choice([origin.value for origin in Origin], required=False, default=None)
    cursor = serializers.CharField(required=False, default="", help_text="From `next` or `previous`")
    page_size = serializers.IntegerField(min_value=1, max_value=MOST_A_PAGE, required=False, default=USUAL_A_PAGE)


class FeatureOut(serializers.Serializer[Any]):
    """A published column, or a feature made of some."""

    key = serializers.CharField()
    name = serializers.CharField()
    table = serializers.CharField()
    origin = serializers.CharField()
    label_fr = serializers.CharField()
    label_en = serializers.CharField()
    sentence_fr = serializers.CharField()
    sentence_en = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    formula = serializers.CharField(allow_blank=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    status = serializers.CharField(allow_null=True, help_text="admitted, controlled or barred; null for keys")
    is_opaque = serializers.BooleanField()


class FeaturePage(serializers.Serializer[Any]):
    """A page of the dictionary. count: of all that was found. next, previous: addresses of the pages beside it."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = FeatureOut(many=True)


class WeightOut(serializers.Serializer[Any]):
    """How much one feature counts."""

    name = serializers.CharField()
    rank = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of all features together, 0 to 1")


class ImportanceOut(serializers.Serializer[Any]):
    """How much each feature counts for a model version."""

    model_version = serializers.IntegerField()
    measure = serializers.CharField(help_text="contribution: mean size over clients; gain: LightGBM's")
    clients = serializers.IntegerField(allow_null=True)
    features = WeightOut(many=True)
