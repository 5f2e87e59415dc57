"""Forms about the facts of an application: a new one, and other facts tried out on one."""

from applications.fact_forms.intake import NewApplicationForm
from applications.fact_forms.trying import FactsForm, editable_facts, locked_facts

__all__ = ["FactsForm", "NewApplicationForm", "editable_facts", "locked_facts"]
