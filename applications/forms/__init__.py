"""What people may ask for and say, by subject."""

from applications.forms.application import ClientFieldsForm, DecisionForm
from applications.forms.bringing import EarlierApplicationForm, UploadForm
from applications.forms.listing import ColumnsForm, ListingForm, SavedFilterForm
from applications.forms.operations import JournalForm, RunForm
from applications.forms.overview import DictionaryForm, ExplanationForm, PortfolioForm
from applications.forms.promotion import ProxyNoteForm, ReasonForm, RulingForm

__all__ = [
    "ClientFieldsForm",
    "ColumnsForm",
    "DecisionForm",
    "DictionaryForm",
    "EarlierApplicationForm",
    "ExplanationForm",
    "JournalForm",
    "ListingForm",
    "PortfolioForm",
    "ProxyNoteForm",
    "ReasonForm",
    "RulingForm",
    "RunForm",
    "SavedFilterForm",
    "UploadForm",
]
