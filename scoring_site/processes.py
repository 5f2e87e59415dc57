"""The processes of the site, in one place: the launcher runs them on one machine, compose.yaml in containers.

`python -m scoring_site.processes NAME` becomes that process.
"""

import os
import sys
from collections.abc import Mapping
from signal import Signals

from applications.patience import GO_AFTER_OTHERS
from scoring_site.children import Program
from scoring_site.environment import KEEP_MEMORY
from scoring_site.secret_files import read_secret_files, refuse_weak_key
from scoring_site.steps import manage

DEFAULT_BIND = "0.0.0.0:8000"
# One probability at a time, a core each: threads inside a worker would only take turns with those of the next one.
_SCORING = {"LIGHTGBM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1", **KEEP_MEMORY}
# Many requests at once, each about one client: the web's threads share one thread of Polars.
_SERVING = {"POLARS_MAX_THREADS": "1", **KEEP_MEMORY}
# On one machine, pages and single probabilities go before all this; see applications.patience.
_PATIENT = 19
_LAB_KILOBYTES = 500_000
# A warm end first (finish the task in hand), then a cold one, which gives the task back to the queue.
_CELERY_STOPS = (Signals.SIGTERM, Signals.SIGQUIT)


def web(bind: str = DEFAULT_BIND) -> Program:
    """Return the web server; each worker answers four requests at a time, as most of their time is the database's."""
    options = {
        "--bind": bind,
        "--workers": os.environ.get("WEB_CONCURRENCY", "2"),
        "--threads": "4",
        "--timeout": "60",
        "--graceful-timeout": "4",
        "--keep-alive": "5",
        "--max-requests": "5000",
        "--max-requests-jitter": "500",
    }
    words = [word for option in options.items() for word in option]
    # Loaded once before the workers are forked: half the time to start, and memory they share.
    command = (sys.executable, "-m", "gunicorn", "scoring_site.wsgi", *words, "--preload", "--no-control-socket")
    stops = (Signals.SIGTERM, Signals.SIGQUIT)
    return Program("web", command, environment=_SERVING, stop_signals=stops, stop_seconds=5.0)


def interactive() -> Program:
    """Return the worker for what a person waits for; the book has its own, behind which nobody is kept waiting."""
    return _worker("interactive", niceness=0, at_once=1)


def book() -> Program:
    """Return the worker of the book: as many tasks at once as there are processors, each with a thread of its own."""
    processors = len(os.sched_getaffinity(0))
    return _worker("book", niceness=_PATIENT, at_once=int(os.environ.get("BOOK_CONCURRENCY") or processors))


def lab() -> Program:
    """Return the worker of trainings and searches of settings: one at a time, on all processors.

    Its process is renewed once it has grown, so that a training's memory is not kept.
    """
    return _worker("lab", "--max-memory-per-child", str(_LAB_KILOBYTES), niceness=_PATIENT, at_once=1, environment={})


def beat() -> Program:
    """Return the clock of the repeated tasks; its schedule is in settings, so its memory needs no file."""
    command = (*_celery(), "beat", "--scheduler", "celery.beat.Scheduler", "--pidfile=", "--loglevel", "INFO")
    return Program("beat", command, stop_seconds=4.0, niceness=_PATIENT)


def _worker(
    queue: str, *options: str, niceness: int, at_once: int, environment: Mapping[str, str] = _SCORING
) -> Program:
    where = ("--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", str(at_once))
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")
    return Program(
        f"worker-{queue}",
        (*_celery(), "worker", *where, *quiet, *options),
        environment={**environment, GO_AFTER_OTHERS: "1"} if niceness else environment,
        stop_signals=_CELERY_STOPS,
        stop_seconds=6.0,
        niceness=niceness,
    )


def _celery() -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--app", "scoring_site")


def migrate() -> Program:
    """Return what brings the tables up to date; it ends by itself, before the others start."""
    return Program("migrate", manage("migrate", "--noinput"))


def static() -> Program:
    """Return what collects the static files into the state folder; it ends by itself too."""
    return Program("static", manage("collectstatic", "--noinput"))


PROCESSES = {
    "web": web,
    "worker-interactive": interactive,
    "worker-book": book,
    "worker-lab": lab,
    "beat": beat,
    "migrate": migrate,
    "static": static,
}


def main(words: list[str]) -> None:
    if len(words) != 1 or words[0] not in PROCESSES:
        raise SystemExit(f"Name one process of {', '.join(PROCESSES)}.")
    program = PROCESSES[words[0]]()
    environment = read_secret_files({**os.environ, **program.environment})
    refuse_weak_key(environment)
    os.nice(program.niceness)
    os.execve(program.command[0], program.command, environment)  # noqa: S606  our own command


if __name__ == "__main__":
    main(sys.argv[1:])
