"""A pickle runs whatever code it holds when it is read: the product neither writes nor reads one."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from redis import Redis

ROOT = Path(__file__).resolve().parent.parent
READERS = re.compile(
    r"^\s*(import|from)\s+(_?c?pickle|joblib|cloudpickle|dill|shelve|marshal)\b"
    r"|allow_pickle\s*=\s*True|\bread_pickle\(|\bto_pickle\(|\btorch\.load\(|\.load_model\(",
    re.MULTILINE,
)


def test_no_line_of_the_product_reads_or_writes_a_pickle() -> None:
    listed = subprocess.run(["git", "ls-files", "-z", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    sources = {name: (ROOT / name).read_text(encoding="utf-8") for name in listed.stdout.split("\0") if name}

    assert len(sources) > 100
    assert [name for name, text in sources.items() if READERS.search(text)] == []


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
    with Redis.from_url(settings.CACHES["default"]["LOCATION"]) as valkey:
        valkey.set(cache.make_key("kept"), b"cos\nsystem\n(S'true'\ntR.")

    with pytest.raises(ValueError, match="Expecting value"):
        cache.get("kept")
