"""Score a file: bring it, look at it, have it scored, read the results, take them along."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.charts.scored_file import figure_of, label_of, results_of, spread_of
from applications.errors import FileRefusedError
from applications.forms import UploadForm
from applications.models import FileState, Recommendation, ScoredFile, User
from applications.selectors.scored_files import file_of, files_of, progress_of, scored_file_of
from applications.services.scored_files import exporting, keeping, scoring
from applications.services.scored_files.reading import Read, read_file
from applications.tasks import enqueue_file
from applications.templatetags.scoring_words import ADVICE
from applications.uploads import was_too_large
from modelling.features.schema import APPLICATION

ROWS_A_PAGE = 50
PREVIEWED = 5
_CSV = "text/csv; charset=utf-8"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Show what one had scored; take another file in, if nothing is wrong with it."""
    if request.method == "GET":
        return _page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES, is_too_large=was_too_large(request))
    if not form.is_valid():
        return _page(request, form, status=400)
    brought, person = form.cleaned_data["file"], cast("User", request.user)
    content = brought.read()
    try:
        read = read_file(content)
    except FileRefusedError as error:
        form.add_error("file", str(error))
        return _page(request, form, status=400)
    keeping.tell_unknown(read, person)
    if read.faults:
        return _page(request, form, read=read, status=400)
    return redirect("scored_file", keeping.keep_upload(person, name=brought.name, content=content, read=read).pk)


@login_required
@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the first lines of a file that waits to be scored, how far it is, or what was said of all."""
    file = file_of(request.user, pk)
    if file.state == FileState.BROUGHT:
        context = {"file": file, "lines": _previewed(file), "kept_hours": keeping.FACTS_KEPT_HOURS}
        return render(request, "files/preview.html", context)
    if file.state == FileState.DONE:
        return render(request, "files/results.html", _results_page(request, file))
    return render(request, "files/scoring.html", {"file": file, "kept_hours": keeping.FACTS_KEPT_HOURS})


@login_required
@never_cache
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far a file is; once it is answered, have the page show that."""
    file = progress_of(request.user, pk)
    if not FileState(file.state).is_under_way:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "files/_progress.html", {"file": file})


@login_required
@require_POST
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the workers score a file, or try again what failed."""
    file = file_of(request.user, pk)
    with transaction.atomic():
        if scoring.ask_scoring(file):
            enqueue_file(file.pk)
    return redirect("scored_file", file.pk)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(files_of(request.user), pk=pk).delete()
    messages.success(request, _("The file and its results are deleted."))
    return redirect("scored_files")


@login_required
@never_cache
@require_GET
def figure(request: HttpRequest, pk: int) -> JsonResponse:
    file = scored_file_of(request.user, pk)
    return JsonResponse(figure_of(file, spread_of(file)).to_json())


@login_required
@never_cache
@require_GET
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the results, or those with one advice, as a file for French Excel."""
    file = scored_file_of(request.user, pk)
    chosen = _chosen(file, request.GET.get("advice", ""))
    labels = {name: label_of(name) for result in chosen for name in (*result["raising"], *result["lowering"])}
    body = exporting.results_as_csv(file, chosen, labels)
    return _download(body, _("results-%(number)s.csv") % {"number": file.pk})


@login_required
@require_GET
def model_file(request: HttpRequest) -> HttpResponse:
    return _download(exporting.model_file(), _("applicants.csv"))


def _page(request: HttpRequest, form: UploadForm, *, read: Read | None = None, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "read": read,
        "files": files_of(request.user),
        "kept_days": keeping.RESULTS_KEPT_DAYS,
        "kept_hours": keeping.FACTS_KEPT_HOURS,
        "most_lines": settings.UPLOAD_MOST_LINES,
        "most_megabytes": settings.UPLOAD_MOST_BYTES // 1_000_000,
    }
    return render(request, "files/files.html", context, status=status)


def _results_page(request: HttpRequest, file: ScoredFile) -> dict[str, Any]:
    spread, wanted = spread_of(file), request.GET.get("advice", "")
    page = Paginator(_chosen(file, wanted), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "file": file,
        "deleted_on": keeping.deletion_of(file),
        "portfolio": spread,
        "figure": figure_of(file, spread),
        "results": results_of(list(page.object_list)),
        "page": page,
        "advice": wanted if wanted in ADVICE else "",
        "choices": [("", _("All advice")), *ADVICE.items()],
    }


def _chosen(file: ScoredFile, advice: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = file.results or []
    return [each for each in said if each["recommendation"] == advice] if advice in set(Recommendation) else said


def _previewed(file: ScoredFile) -> dict[str, Any]:
    """Return the first lines as a table: their columns in published order, then their cells."""
    first = file.items[:PREVIEWED]
    named = {name for item in first for name in item["facts"]}
    columns = [name for name in APPLICATION.column_names if name in named]
    rows = [(item["line"], item["number"], [item["facts"].get(name) for name in columns]) for item in first]
    return {"columns": [name.upper() for name in columns], "rows": rows}


def _download(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=_CSV, headers=headers)
