"""The options by which a command is told what mistakes cost."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from modelling.training.cost import Terms


def add_terms(parser: ArgumentParser) -> None:
    """Declare them, each with the standard policy's figure."""
    standard = Terms()
    parser.add_argument(
        "--cost-ratio", type=float, default=standard.cost_ratio, help="what a default costs, in refused good clients"
    )
    parser.add_argument(
        "--loss-given-default", type=float, default=standard.loss_given_default, help="share of the credit lost"
    )
    parser.add_argument("--margin", type=float, default=standard.margin, help="share of the credit a good loan earns")
    parser.add_argument("--threshold", type=float, help="the policy's, when it is not 1 / (1 + cost ratio)")


def terms_of(options: dict[str, Any]) -> Terms:
    """Give what the options say. Raises TrainingDataError for a figure that cannot be."""
    return Terms(**{name: options[name] for name in ("cost_ratio", "loss_given_default", "margin", "threshold")})
