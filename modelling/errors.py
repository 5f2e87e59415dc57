"""What can go wrong in the lab, each with a sentence that says what was expected, what came and what to do."""


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation: below the registry the lab knows no Django (`modelling.sentences.said`)."""
    return sentence


class ModellingError(Exception):
    """The base of every error the lab raises on purpose; its text may be shown to a person.

    sentence: in English, with {places} for the facts, where it may be told in another language.
    """

    def __init__(self, sentence: str = "", **facts: object) -> None:
        super().__init__(sentence.format(**facts) if facts else sentence)
        self.sentence, self.facts = sentence, facts


class TableSchemaError(ModellingError):
    """A table is not what its description says: a column, a type, a key or a reference is off."""


class ClusterError(ModellingError):
    """A Dask cluster does not answer, or has too few workers."""


class FeatureStoreError(ModellingError):
    """Features cannot be built or read: a changed file, another build at work."""


class TrainingDataError(ModellingError):
    """The rows do not allow training: too few, one class only, a missing snapshot."""


class LeakError(TrainingDataError):
    """A feature tells the outcome it should predict."""


class AdmissionError(ModellingError):
    """A feature without the legal status to be used was asked for."""


class BundleError(ModellingError):
    """A bundle on disk is not the one that was registered: a file is missing, changed or unknown."""


class UnfitBundleError(BundleError):
    """A bundle reads features that this code does not compute; what it said before can still be explained."""


class AdditivityError(ModellingError):
    """The contributions of an explanation do not sum to the score they explain."""


class TrackingError(ModellingError):
    """MLflow's store did not take a run: the server is away or refuses."""


class UnknownStudyError(ModellingError):
    """No study of that name was begun, or none of its trials has ended."""


class UnknownModelVersionError(ModellingError):
    """No model version of that name is registered, or no champion is in force."""


class DeepTreesError(ModellingError):
    """The trees are too deep to be laid out as tables of patterns."""


class DriftError(ModellingError):
    """Two populations cannot be compared: one is empty, or their bins differ."""
