"""Fields for the published columns: one class a kind, each keeping what the pages must know of the column.

A fact knows its published name (`source_column`), its unit, and whether the law bars it from pages and forms.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

_Set_contra = TypeVar("_Set_contra", contravariant=True)
_Get_co = TypeVar("_Get_co", covariant=True)

# Django's fields are generic to the type checker alone; at run time they take no brackets.
if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrOrPromise

    _Field = models.Field
    _IntegerField = models.IntegerField[int | None, int | None]
    _RealField = models.FloatField[float | None, float | None]
    _FlagField = models.SmallIntegerField[int | None, int | None]
    _CategoryField = models.CharField[str | None, str | None]
    _KeyField = models.BigIntegerField[int, int]
else:
    _IntegerField = models.IntegerField
    _RealField = models.FloatField
    _FlagField = models.SmallIntegerField
    _CategoryField = models.CharField
    _KeyField = models.BigIntegerField

    class _Field(models.Field):
        def __class_getitem__(cls, _types):
            return cls


# Longest published value: "Loan for purchase of shares (margin lending)", 44 characters.
CATEGORY_LENGTH = 60
# Wording and screen facts are no part of the database, so no migration follows from changing them.
WORDS_OF_A_FIELD = ("verbose_name", "help_text", "choices")


class Unit(StrEnum):
    """What a number counts, so that a page can show years and euros."""

    EUROS = "euros"
    DAYS = "days"  # a length of time
    DAYS_TO_DATE = "days_to_date"  # a date, in days from the application: negative before it
    MONTHS = "months"
    MONTHS_TO_DATE = "months_to_date"  # a month, counted from the application: negative before it
    YEARS = "years"
    HOUR = "hour"  # hour of the day, 0 to 23
    SHARE = "share"  # 0 to 1
    NORMALISED = "normalised"  # rescaled by the publisher: only its order means something
    COUNT = "count"
    NONE = "none"


class Fact(_Field[_Set_contra, _Get_co]):
    """A published column. Mixed into a Django field; migrations see the plain Django field alone."""

    def __init__(
        self,
        label: _StrOrPromise | None = None,
        description: _StrOrPromise = "",
        *,
        unit: Unit = Unit.NONE,
        barred: bool = False,
        **options: Any,
    ) -> None:
        self.unit = unit
        self.barred = barred
        super().__init__(**({"verbose_name": label, "help_text": description} | options))

    @property
    def source_column(self) -> str:
        """Give the column's name as published, in capitals."""
        return (self.db_column or self.name).upper()

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Describe the field to migrations as the plain Django field it is in the database, without its words."""
        name, _path, args, options = super().deconstruct()
        plain = next(base for base in type(self).__mro__ if base.__module__.startswith("django."))
        kept = {key: value for key, value in options.items() if key not in WORDS_OF_A_FIELD}
        return name, f"django.db.models.{plain.__name__}", args, kept

    def clone(self) -> Any:
        """Copy the field. Its description leaves out `null=False`, Django's default, which is not that of a fact."""
        _name, _path, args, options = self.deconstruct()
        return type(self)(*args, **({"null": self.null} | options))


AnyFact: TypeAlias = Fact[Any, Any]


class IntegerFact(Fact[int | None, int | None], _IntegerField):
    """Days, months or a count; null when the publisher gave none."""

    def __init__(self, *words: _StrOrPromise, **options: Any) -> None:
        super().__init__(*words, **({"null": True, "blank": True} | options))


class RealFact(Fact[float | None, float | None], _RealField):
    """An amount, a rate or a score; double precision, so that values come back to the last bit."""

    def __init__(self, *words: _StrOrPromise, **options: Any) -> None:
        super().__init__(*words, **({"null": True, "blank": True} | options))


class FlagFact(Fact[int | None, int | None], _FlagField):
    """No or yes, stored as 0 or 1 as published; null when the publisher gave none."""

    def __init__(self, *words: _StrOrPromise, **options: Any) -> None:
        default: dict[str, Any] = {"null": True, "blank": True, "choices": [(0, _("No")), (1, _("Yes"))]}
        super().__init__(*words, **(default | options))


class CategoryFact(Fact[str | None, str | None], _CategoryField):
    """A word from a short list, as published."""

    def __init__(self, *words: _StrOrPromise, **options: Any) -> None:
        # Null on text, against Django's custom: in these tables a missing word and an empty one are not the same fact.
        default: dict[str, Any] = {"null": True, "blank": True, "max_length": CATEGORY_LENGTH}
        super().__init__(*words, **(default | options))


class KeyFact(Fact[int, int], _KeyField):
    """A published identifier, never missing."""


class ParentFact(Fact[_Set_contra, _Get_co], models.ForeignKey[_Set_contra, _Get_co]):
    """A published identifier that names a row of another table."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        super().__init__(to=to, on_delete=on_delete, **options)


def published_fields(model: type[models.Model]) -> tuple[AnyFact, ...]:
    """Return the fields of a table that hold published columns, barred ones too, in the order of their declaration."""
    return tuple(field for field in model._meta.get_fields() if isinstance(field, Fact))


def shown_fields(model: type[models.Model]) -> tuple[AnyFact, ...]:
    """Return the published fields that a page or a form may show: all but the barred ones."""
    return tuple(field for field in published_fields(model) if not field.barred)
