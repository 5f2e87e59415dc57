"""The catalogue's formulas in French: a small language of set phrases around the names of columns and rows."""

from __future__ import annotations

import re

from django import template

from applications.templatetags.scoring_format import is_french

register = template.Library()

# In this order: a phrase stands before the shorter ones it holds. Names of columns, tables and subsets stay.
_PHRASES = (
    (r"median (\w+) of the training clients with the same", r"médiane de \1 parmi les clients d'apprentissage de même"),
    (
        r"of past loans, told from their (\w+), (\w+) and the quotient of the two",
        r"de prêts passés, d'après leurs \1, \2 et le quotient des deux",
    ),
    (r"latest of the chance", "dernière valeur of the chance"),
    (
        r"of the chance of default told from one line of (\w+) alone",
        r"du risque d'impayé lu dans une seule ligne de \1",
    ),
    (r"mean target of the (\d+) (?:training )?clients", r"part d'impayés des \1 clients"),
    (r"mean ([aeiou]\w+) of the (\d+) training clients", r"moyenne d'\1 des \2 clients d'apprentissage"),
    (r"mean (\w+) of the (\d+) training clients", r"moyenne de \1 des \2 clients d'apprentissage"),
    (r"nearest in ext_source_\* and", "les plus proches en ext_source_* et"),
    (r"nearest in", "les plus proches en"),
    (r"least-squares slope of delay over time, days a year", "pente des moindres carrés du retard, en jours par an"),
    (r"least-squares slope of (\w+) over time, days a year", r"pente des moindres carrés de \1, en jours par an"),
    (r"least-squares slope of (\w+) over time, a year", r"pente des moindres carrés de \1, par an"),
    (r"mean over loans of the mean of", "moyenne sur les prêts de la moyenne de"),
    (r"missing external scores", "scores externes manquants"),
    (r"of the known external scores", "des scores externes connus"),
    (r"of missing housing columns", "de colonnes de l'immeuble manquantes"),
    (r"of types with at least one row", "de types ayant au moins une ligne"),
    (r"of distinct (\w+)", r"de \1 distincts"),
    (r"weights", "poids"),
    (r"maternity leave read as working", "le congé maternité compté comme un emploi"),
    (r"missing when not employed", "manquant sans emploi"),
    (r"\(oldest - newest opening\)", "(ouverture la plus ancienne - la plus récente)"),
    (r"days since opening", "jours depuis l'ouverture"),
    (r"(days|months) left", r"\1 restants"),
    (r"term · annuity - credit", "durée · mensualité - crédit"),
    (r"\bterm\b", "durée"),
    (r"among the latest (\d+)", r"parmi les \1 dernières"),
    (r"(\w+) whose latest row is active", r"\1 dont la dernière ligne est en cours"),
    (r"(\w+) whose latest row is completed", r"\1 dont la dernière ligne est soldée"),
    (r"of active contracts", "des contrats en cours"),
    (r"of each card", "de chaque carte"),
    (r"instalments over (\d+) days late", r"échéances en retard de plus de \1 jours"),
    (r"over (\w+) instalments", r"sur les échéances \1"),
    (r"over instalments", "sur les échéances"),
    (r"instalments(?!_)", "échéances"),
    (r"of the last (\d+) days", r"des \1 derniers jours"),
    (r"over the last (\d+) days", r"sur les \1 derniers jours"),
    (r"over the last (\d+) months", r"sur les \1 derniers mois"),
    (r"over the latest (\d+)", r"sur les \1 dernières"),
    (r"over the latest row", "sur la dernière ligne"),
    (r"of the (?:latest|newest) row", "de la dernière ligne"),
    (r"over active card rows", "sur les lignes active de carte"),
    (r"over all rows", "sur toutes les lignes"),
    (r"over ([\w&]+) rows", r"sur les lignes \1"),
    (r"of all rows", "de lignes"),
    (r"number of rows", "nombre de lignes"),
    (r"number of ([\w&]+) rows", r"nombre de lignes \1"),
    (r"\ball rows", "toutes les lignes"),
    (r"\brows without", "lignes sans"),
    (r"\brows with", "lignes avec"),
    (r"of ([\w&]+) rows", r"des lignes \1"),
    (r"([a-z_\d&]+) rows", r"lignes \1"),
    (r"\brows\b", "lignes"),
    (r"\blate days", "jours de retard"),
    (r"\bearly days", "jours d'avance"),
    (r"\bdays\b", "jours"),
    (r"\bmonths\b", "mois"),
    (r"\bcontracts\b", "contrats"),
    (r"\bdebt\b", "dette"),
    (r"\bcredit\b", "crédit"),
    (r"\bpaid\b", "payé"),
    (r"\bdue\b", "dû"),
    (r" to ", " à "),
    (r"\bif\b", "si"),
    (r"\belse\b", "sinon"),
    (r"\bstandard deviation\b|\bstd\b", "écart-type"),
    (r"\b(?:greatest|max)\b(?! d)", "maximum de"),
    (r"\b(?:least|min)\b(?! d)", "minimum de"),
    (r"\bmean\b(?! d)", "moyenne de"),
    (r"\bgreatest\b", "maximum"),
    (r"\bleast\b", "minimum"),
    (r"\bmean\b", "moyenne"),
    (r"\bsum\b", "somme"),
    (r"\bnumber\b", "nombre"),
    (r"\bde of\b|\bof\b", "de"),
    (r"\bover\b", "sur"),
)
_IN_FRENCH = tuple((re.compile(english), french) for english, french in _PHRASES)
_QUOTED = re.compile('("[^"]*")')


@register.filter
def formula_words(formula: str) -> str:
    """Say a formula of the catalogue in the reader's language; a quoted word of a table stays as it is."""
    if not is_french():
        return formula
    return "".join(part if part.startswith('"') else _in_french(part) for part in _QUOTED.split(formula))


def _in_french(text: str) -> str:
    for english, french in _IN_FRENCH:
        text = english.sub(french, text)
    return text
