from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import PowerTransformer

from modelling.encoding import Encoding, Matrix
from modelling.errors import TrainingDataError
from modelling.training.choices import Chosen, Family, Forced, read_choices
from modelling.training.preprocessing import Preprocessing
from modelling.training.recipes import FARTHEST

ROWS = 4_000
DRAW = np.random.default_rng(0)
NAMES = ("plain", "skewed", "gaps", "sparse", "twin", "flag", "job", "same", "heavy", "blank")
ENCODING = Encoding(features=NAMES, levels={"job": tuple("abcdef")})


def table(rows: int = ROWS, seed: int = 0) -> Matrix:
    draw = np.random.default_rng(seed)
    plain, gaps = draw.normal(50, 10, rows), draw.normal(size=rows)
    absent = draw.uniform(size=rows) < 0.3
    columns = {
        "plain": plain,
        "skewed": draw.lognormal(0, 1, rows),
        "gaps": np.where(absent, np.nan, gaps),
        "sparse": np.where(draw.uniform(size=rows) < 0.98, np.nan, plain),
        "twin": np.where(absent, np.nan, plain),
        "flag": draw.integers(0, 2, rows),
        "job": np.where(draw.uniform(size=rows) < 0.1, np.nan, draw.choice(5, rows, p=[0.5, 0.3, 0.15, 0.049, 0.001])),
        "same": np.full(rows, 3.0),
        "heavy": draw.standard_t(2, rows),
        "blank": np.full(rows, np.nan),
    }
    return np.column_stack([columns[name] for name in NAMES]).astype(np.float32)


def fitted(family: Family = Family.LINEAR, forced: Forced | None = None) -> Preprocessing:
    return Preprocessing(ENCODING, family, forced).fit(table())


def chosen(preprocessing: Preprocessing) -> dict[str, Chosen]:
    return {each.column: each for each in preprocessing.chosen()}


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("plain", {"kind": "number", "missing": "median", "skew": "none", "scale": "standard"}),
        ("skewed", {"skew": "yeo-johnson", "scale": "standard"}),
        ("gaps", {"missing": "median+flag", "flagged_by": None}),
        ("sparse", {"missing": "flag"}),
        ("twin", {"missing": "median+flag", "flagged_by": "gaps"}),
        ("flag", {"kind": "flag", "scale": "none"}),
        ("job", {"kind": "category", "levels": "one-hot", "level_count": 5, "missing": None}),
        ("same", {"kind": "constant", "use": "no"}),
        ("heavy", {"scale": "robust"}),
        ("blank", {"kind": "constant", "use": "no"}),
    ],
)
def test_each_kind_of_column_gets_its_recipe_for_a_linear_model(column: str, expected: dict[str, Any]) -> None:
    found = chosen(fitted())[column]

    assert {name: getattr(found, name) for name in expected} == expected


def test_a_forest_needs_neither_shape_nor_unit_and_reads_codes() -> None:
    found = chosen(fitted(Family.FOREST))

    assert {(each.skew, each.scale) for each in found.values() if each.kind == "number"} == {("none", "none")}
    assert found["job"].levels == "codes"


@pytest.mark.parametrize("family", list(Family))
def test_nothing_is_missing_or_infinite_after_whatever_comes(family: Family) -> None:
    preprocessing = fitted(family)
    strange = table(50, seed=9)
    strange[:10], strange[10:20] = np.nan, 1e30

    for values in (table(), strange):
        told = preprocessing.transform(values)
        assert np.isfinite(told).all()
        assert told.shape == (len(values), sum(recipe.width for recipe in preprocessing.recipes_))


def test_a_straightened_column_is_that_of_scikit_learn() -> None:
    column = table()[:, [1]].astype(np.float64)
    standard = (column - column.mean()) / column.std()

    told = fitted().transform(table())[:, 1]

    theirs = PowerTransformer("yeo-johnson").fit_transform(standard)[:, 0]
    np.testing.assert_allclose(told, np.clip(theirs, -FARTHEST, FARTHEST), atol=1e-3)


def test_a_rare_level_an_unseen_and_a_missing_one_are_told_apart_from_the_frequent() -> None:
    preprocessing = Preprocessing(Encoding(("job",), ENCODING.levels), Family.LINEAR).fit(table()[:, [6]])

    told = preprocessing.transform(np.array([[0], [4], [5], [np.nan]], dtype=np.float32))

    assert told.tolist() == [[1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1]]


def test_what_is_chosen_comes_from_the_rows_it_was_fitted_on_alone() -> None:
    values = table()
    preprocessing = Preprocessing(ENCODING, Family.LINEAR).fit(values[:2_000])
    before = preprocessing.transform(values[:10])

    preprocessing.transform(values[2_000:] * 1_000)

    np.testing.assert_array_equal(preprocessing.transform(values[:10]), before)


def test_a_persons_choices_stand_before_the_rules(tmp_path: Path) -> None:
    path = tmp_path / "choices.toml"
    path.write_text(
        '[columns.skewed]\nskew = "none"\nscale = "robust"\n[columns.gaps]\nmissing = "zero"\n'
        '[columns.job]\nlevels = "codes"\n[columns.plain]\nuse = "no"\n'
    )

    preprocessing = fitted(forced=read_choices(path, NAMES))

    found = chosen(preprocessing)
    assert (found["skewed"].skew, found["skewed"].scale, found["skewed"].forced) == (
        "none",
        "robust",
        ("scale", "skew"),
    )
    assert found["gaps"].missing == "zero"
    assert found["twin"].flagged_by is None
    assert found["job"].levels == "codes"
    assert found["plain"].use == "no"
    assert found["heavy"].forced == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[columns.salary]\nskew = "none"', "columns that training does not read: salary"),
        ('[columns.plain]\nskew = "log"', "skew of plain is one of none, yeo-johnson; came 'log'"),
        ("[columns.plain]\nskew = 3", "came 3"),
        ('[columns.plain]\nwidth = "none"', "plain has no choice 'width'; there are missing, skew, scale, levels, use"),
        ('[columns]\nplain = "none"', r"\[columns.plain\] should be a table of choices; came 'none'"),
        ('[other]\nplain = "none"', r"should hold tables \[columns.NAME\] and nothing else; it holds other"),
        ("", "it holds nothing"),
        ("[columns.plain", "cannot be read as a TOML file"),
        (None, "cannot be read as a TOML file"),
    ],
)
def test_a_file_of_choices_that_cannot_be_followed_is_told_in_a_sentence(
    tmp_path: Path, text: str | None, sentence: str
) -> None:
    path = tmp_path / "choices.toml"
    if text is not None:
        path.write_text(text)

    with pytest.raises(TrainingDataError, match=sentence):
        read_choices(path, NAMES)
