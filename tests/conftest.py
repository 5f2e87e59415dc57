"""What many tests share: a real PostgreSQL and Valkey, a small champion, and people of each role."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from subprocess import DEVNULL
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import LazySettings, settings
from django.core.cache import cache, caches
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client as Browser
from django.utils import timezone
from redis import Redis

from applications import words
from applications.models import Agency, Application, Policy, Role, User
from applications.selectors.population import Population
from modelling import registry
from modelling.models import ModelVersion
from scoring_site import celery_app
from tests.crowd import crowd_of, laid_out
from tests.factories import AgencyFactory, PolicyFactory, UserFactory
from tests.fairness_reports import fairness_report_on
from tests.pages import browser_of
from tests.small_bundle import misnamed, train_small_bundle


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before the test processes start."""
    if not hasattr(config, "workerinput"):
        words.compile_catalogues()


@pytest.fixture(autouse=True, scope="session")
def _flush_past_append_only_triggers() -> Iterator[None]:
    """Let the test runner empty tables after a test with real commits; the product itself cannot."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_as_replica(self: Any, sql_list: list[str]) -> None:
        as_replica = ["SET session_replication_role = replica;", *sql_list, "SET session_replication_role = DEFAULT;"]
        flush(self, as_replica)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_as_replica)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Close, before the tests' database is dropped, what a killed worker or a thread of the site left open in it."""
    yield
    ours = connection.settings_dict
    told = {"dbname": ours["NAME"], "user": ours["USER"], "password": ours["PASSWORD"]}
    with closing(psycopg2.connect(host=ours["HOST"], port=ours["PORT"], **told)) as there, there.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@pytest.fixture(autouse=True, scope="session")
def _plain_settings() -> None:
    """Serve static files by their plain names, hash passwords quickly, and stay on plain http."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECURE_SSL_REDIRECT = False


@pytest.fixture(autouse=True, scope="session")
def _own_state_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep bundles, snapshots and rejects of tests in a folder of their own."""
    state = tmp_path_factory.mktemp("state")
    settings.STATE_DIR = state
    settings.STATIC_ROOT = state / "static"
    settings.STATIC_ROOT.mkdir()
    settings.BUNDLES_DIR = state / "bundles"
    settings.SNAPSHOTS_DIR = state / "snapshots"
    settings.REJECTS_DIR = state / "rejects"


@pytest.fixture
def empty_state(settings: LazySettings, tmp_path: Path) -> None:
    """Give the test a state folder without a population, or whatever else another test left; bundles stay."""
    settings.STATE_DIR = tmp_path


@pytest.fixture(autouse=True, scope="session")
def _own_valkey_database() -> None:
    """Give each test process a numbered database of the one Valkey for itself."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    address = urlsplit(settings.REDIS_URL)._replace(path=f"/{1 + int(process.removeprefix('gw'))}").geturl()
    settings.REDIS_URL = settings.CELERY_BROKER_URL = address
    celery_app.conf.update(broker_url=address)
    settings.CACHES["default"]["LOCATION"] = address
    with suppress(AttributeError):  # a cache that was opened before keeps the old address
        del caches["default"]


@pytest.fixture
def start_worker(transactional_db: None) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Give a function that starts a real Celery worker on this test's database, and stop them all at the end."""
    workers: list[subprocess.Popen[bytes]] = []
    with Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()

    def start() -> subprocess.Popen[bytes]:
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        folders = {"STATE_DIR": str(settings.STATE_DIR)}
        environment = {**os.environ, **folders, "DATABASE_URL": database, "REDIS_URL": settings.REDIS_URL}
        command = [sys.executable, "-m", "celery", "-A", "scoring_site", "worker", "-Q", "interactive,book,lab"]
        options = ["--concurrency", "1", "--without-gossip", "--without-mingle", "-n", f"test{len(workers)}@%h"]
        workers.append(subprocess.Popen([*command, *options], env=environment, stdout=DEVNULL, stderr=DEVNULL))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


@pytest.fixture(scope="session")
def small_bundle(_own_state_folder: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a bundle trained on 600 made-up applications."""
    return train_small_bundle(tmp_path_factory.mktemp("snapshots"), settings.BUNDLES_DIR)


@pytest.fixture
def champion(db: None, small_bundle: Path) -> ModelVersion:
    """Register and promote the small bundle."""
    return registry.promote(registry.register(small_bundle), actor=None, note="test")


@pytest.fixture
def unfit_champion(db: None, small_bundle: Path) -> ModelVersion:
    """Put a version in force that reads a feature which this code does not compute, as after a release that lost it."""
    version = registry.register(misnamed(small_bundle, "ext_source_2", "ext_source_of_old"))
    ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).update(state=ModelVersion.State.RETIRED)
    version.state, version.promoted_at = ModelVersion.State.CHAMPION, timezone.now()
    version.save()
    return version


TwoVersions = tuple[ModelVersion, ModelVersion]


@pytest.fixture(scope="session")
def other_bundle(_own_state_folder: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a bundle trained on the same applications with another seed."""
    return train_small_bundle(tmp_path_factory.mktemp("snapshots"), settings.BUNDLES_DIR, seed=5)


@pytest.fixture
def two_versions(db: None, small_bundle: Path, other_bundle: Path) -> TwoVersions:
    """Register both bundles, each with a fairness report that finds no proxy; neither is in force."""
    versions = registry.register(small_bundle), registry.register(other_bundle)
    for version in versions:
        fairness_report_on(version)
    return versions


@pytest.fixture
def policy(db: None) -> Policy:
    """Put a policy in force: accept below 9.1 %, refuse from 20 %."""
    return PolicyFactory.create()


@pytest.fixture
def agency(db: None) -> Agency:
    return AgencyFactory.create()


@pytest.fixture
def advisor(agency: Agency) -> User:
    return UserFactory.create(agency=agency)


@pytest.fixture
def browser(advisor: User) -> Browser:
    """Give a test client in which the advisor is logged in."""
    return browser_of(advisor)


@pytest.fixture
def crowd(agency: Agency, champion: ModelVersion, policy: Policy) -> list[Application]:
    """Assess a crowd of clients, of the advisor's agency and of another; wants `empty_state` beside it."""
    return crowd_of(agency, AgencyFactory.create())


@pytest.fixture
def population(crowd: list[Application]) -> Population:
    """Lay the crowd out for the pages that compare."""
    return laid_out()


@pytest.fixture(params=list(Role))
def anyone(request: pytest.FixtureRequest, agency: Agency) -> User:
    """Give, in turn, a person of each role."""
    role = request.param
    is_admin = role == Role.ADMIN
    return UserFactory.create(role=role, agency=agency, is_staff=is_admin, is_superuser=is_admin)


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start each database test without what an earlier one cached."""
    yield
    if {"db", "transactional_db"} & set(request.fixturenames):
        cache.clear()
