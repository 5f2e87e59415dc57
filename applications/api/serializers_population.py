"""What the API gives of comparisons."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers


class ApartOut(serializers.Serializer[Any]):
    """A feature that sets another client apart. value: his, a number, a word, or null where missing."""

    feature = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    share = serializers.FloatField(help_text="Of the squared distance, 0 to 1")


class SimilarClientOut(serializers.Serializer[Any]):
    """One similar client."""

    number = serializers.IntegerField(help_text="Of his application")
    distance = serializers.FloatField(help_text="Over all features, each in its own spread; 0 is the same")
    probability = serializers.FloatField(allow_null=True)
    defaulted = serializers.BooleanField(allow_null=True, help_text="null where the outcome is not known")
    apart = ApartOut(many=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "One of two may be seen",
            value={
                "application": 100001,
                "as_of": "2026-11-20T08:00:00Z",
                "model_version": 3,
                "features": 60,
                "found": 2,
                "omitted": 1,
                "results": [
                    {
                        "number": 100450,
                        "distance": 6.7,
                        "probability": 0.055,
                        "defaulted": False,
                        "apart": [{"feature": "ext_source_max", "value": 0.36, "share": 0.12}],
                    }
                ],
            },
        )
    ]
)
class SimilarOut(serializers.Serializer[Any]):
    """The clients most like one. omitted: of those found, how many are of files you may not see."""

    application = serializers.IntegerField()
    as_of = serializers.DateTimeField()
    model_version = serializers.IntegerField()
    features = serializers.IntegerField(help_text="How many count towards the distance")
    found = serializers.IntegerField()
    omitted = serializers.IntegerField()
    results = SimilarClientOut(many=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A number",
            value={
                "feature": "amt_credit",
                "as_of": "2026-11-20T08:00:00Z",
                "model_version": 3,
                "clients": 356255,
                "missing": 0,
                "mean": 587767.4,
                "standard_deviation": 398623.1,
                "percentile_5": 135000.0,
                "quartile_1": 270000.0,
                "median": 500211.0,
                "quartile_3": 797557.5,
                "percentile_95": 1350000.0,
            },
        )
    ]
)
class StatisticsOut(serializers.Serializer[Any]):
    """A feature over the clients asked for. A number has figures, a category levels and null figures."""

    feature = serializers.CharField()
    as_of = serializers.DateTimeField()
    model_version = serializers.IntegerField()
    clients = serializers.IntegerField()
    missing = serializers.IntegerField()
    mean = serializers.FloatField(required=False, allow_null=True)
    standard_deviation = serializers.FloatField(required=False, allow_null=True)
    percentile_5 = serializers.FloatField(required=False, allow_null=True)
    quartile_1 = serializers.FloatField(required=False, allow_null=True)
    median = serializers.FloatField(required=False, allow_null=True)
    quartile_3 = serializers.FloatField(required=False, allow_null=True)
    percentile_95 = serializers.FloatField(required=False, allow_null=True)
    levels = serializers.DictField(child=serializers.IntegerField(), required=False, help_text="Clients of each level")
