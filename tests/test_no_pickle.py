"""A pickle runs whatever code it holds when it is read: the product neither writes nor reads one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from redis import Redis

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("applications", "benchmarks", "modelling", "scoring_site", "tests")
READERS = re.compile(
    r"^\s*(import|from)\s+(_?c?pickle|joblib|cloudpickle|dill|shelve|marshal)\b"
    r"|allow_pickle\s*=\s*True|\bread_pickle\(|\bto_pickle\(|\btorch\.load\(|\.load_model\(",
    re.MULTILINE,
)


def test_no_line_of_the_product_reads_or_writes_a_pickle() -> None:
    sources = [ROOT / "start.py", *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]
    others = [path for path in sources if path != Path(__file__)]

    assert len(others) > 100
    assert [path for path in others if READERS.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "line",
    ["import pickle", "    from joblib import load", "np.load(path, allow_pickle=True)", "pd.read_pickle(path)"],
)
def test_the_search_finds_what_it_is_meant_to_find(line: str) -> None:
    assert READERS.search(line)


def test_tasks_travel_as_json_alone() -> None:
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == "json"


@pytest.mark.parametrize("value", [3, -1, 2.5, "mot", "12", None, True, [1, {"a": None}], b"bytes"])
def test_the_cache_keeps_json_alone(db: None, value: object) -> None:
    if isinstance(value, bytes):
        with pytest.raises(TypeError, match="bytes"):
            cache.set("kept", value)
        return
    cache.set("kept", value)

    assert cache.get("kept") == value


def test_a_forged_pickle_in_the_cache_is_not_run(db: None) -> None:
    cache.set("kept", "honest")
    with Redis.from_url(settings.REDIS_URL) as valkey:
        (key,) = valkey.keys("*kept")
        valkey.set(key, b"cos\nsystem\n(S'true'\ntR.")

    with pytest.raises(ValueError, match="Expecting value"):
        cache.get("kept")
