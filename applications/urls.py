"""The addresses of the portal."""

from django.urls import path

from applications.views import (
    application,
    changes,
    compare,
    comparisons,
    credit_history,
    curves,
    decisions,
    dictionary,
    drafts,
    drift,
    effect,
    explanation,
    fairness,
    journal,
    listing,
    model_versions,
    operations,
    pairs,
    performance,
    portfolio,
    preferences,
    promotions,
    quality,
    scored_files,
    studies,
    table_map,
    trainings,
    what_if,
)

urlpatterns = [
    path("", listing.application_list, name="application_list"),
    path("find", listing.find, name="application_find"),
    path("next", listing.next_to_decide, name="next_to_decide"),
    path("columns", preferences.choose_columns, name="choose_columns"),
    path("views", preferences.save_filter, name="save_filter"),
    path("views/<int:pk>/delete", preferences.forget_filter, name="forget_filter"),
    path("new", drafts.new, name="new_application"),
    path("drafts/<int:number>", drafts.draft, name="draft"),
    path("drafts/<int:number>/delete", drafts.delete, name="delete_draft"),
    path("files/", scored_files.files, name="scored_files"),
    path("files/model.csv", scored_files.model_file, name="scored_file_model"),
    path("files/<int:pk>", scored_files.show, name="scored_file"),
    path("files/<int:pk>/score", scored_files.score, name="score_file"),
    path("files/<int:pk>/progress", scored_files.progress, name="scored_file_progress"),
    path("files/<int:pk>/delete", scored_files.delete, name="delete_scored_file"),
    path("files/<int:pk>/histogram.json", scored_files.figure, name="scored_file_figure"),
    path("files/<int:pk>/results.csv", scored_files.results, name="scored_file_results"),
    path("<int:number>", application.show, name="application"),
    path("<int:number>/fields", preferences.choose_client_fields, name="choose_client_fields"),
    path("<int:number>/credits", credit_history.credit_history, name="credit_history"),
    path("<int:number>/changes", changes.changes, name="assessment_changes"),
    path("<int:number>/state", application.state, name="application_state"),
    path("<int:number>/assessment", application.assess, name="application_assess"),
    path("<int:number>/what-if", what_if.what_if, name="what_if"),
    path("<int:number>/compare", compare.compare, name="compare"),
    path("<int:number>/compare/<slug:chart>.json", compare.compare_figure, name="compare_figure"),
    path("<int:number>/pairs", pairs.pairs, name="pairs"),
    path("<int:number>/pairs.json", pairs.pairs_figure, name="pairs_figure"),
    path("<int:number>/effect", effect.show, name="effect"),
    path("<int:number>/effect.json", effect.figure, name="effect_figure"),
    path("<int:number>/decision", decisions.decide, name="application_decide"),
    path("<int:number>/waterfall.json", application.waterfall_figure, name="waterfall_figure"),
]

journal_urlpatterns = [path("", journal.journal, name="journal")]

dictionary_urlpatterns = [
    path("", dictionary.dictionary, name="dictionary"),
    path("<str:key>", dictionary.entry, name="dictionary_entry"),
]

explanation_urlpatterns = [
    path("", explanation.explanation, name="global_explanation"),
    path("effects", explanation.effects, name="effects"),
    path("effects.json", explanation.effects_figure, name="effects_figure"),
    path("beeswarm.json", explanation.beeswarm_figure, name="beeswarm_figure"),
]

operations_urlpatterns = [
    path("", operations.operations, name="operations"),
    path("runs", operations.start_run, name="start_run"),
    path("runs/<int:number>", operations.show_run, name="run"),
    path("runs/<int:number>/progress", operations.run_progress, name="run_progress"),
    path("runs/<int:number>/change", operations.change_run, name="change_run"),
    path("retry", operations.retry, name="retry_requests"),
    path("drop", operations.drop, name="drop_request"),
    path("cancel", operations.cancel, name="cancel_requests"),
    path("cache", operations.clear_cache, name="clear_cache"),
]

quality_urlpatterns = [
    path("", quality.quality, name="quality"),
    path("<int:number>", quality.report, name="quality_report"),
]

table_map_urlpatterns = [path("", table_map.table_map, name="table_map")]

portfolio_urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    path("histogram.json", portfolio.portfolio_figure, name="portfolio_figure"),
]

model_urlpatterns = [
    path("versions/", model_versions.versions, name="model_versions"),
    path("versions/<int:number>/", model_versions.card, name="model_card"),
    path("versions/<int:number>/card.md", model_versions.card_markdown, name="model_card_markdown"),
    path("versions/<int:number>/bundle", model_versions.bundle, name="model_bundle"),
    path("versions/<int:number>/fairness", fairness.show, name="model_fairness"),
    path("versions/<int:number>/curves", curves.show, name="model_curves"),
    path("versions/<int:number>/curves/<str:kind>.json", curves.figure, name="curve_figure"),
    path("versions/<int:number>/proxies", fairness.note, name="note_proxies"),
    path("versions/<int:number>/promotion", promotions.propose, name="model_propose"),
    path("trainings/", trainings.trainings, name="trainings"),
    path("trainings/new", trainings.new_training, name="new_training"),
    path("trainings/<int:number>/", trainings.training, name="training"),
    path("trainings/<int:number>/progress", trainings.training_progress, name="training_progress"),
    path("trainings/<int:number>/cancel", trainings.cancel_training, name="cancel_training"),
    path("studies/", studies.studies, name="studies"),
    path("studies/new", studies.new_study, name="new_study"),
    path("studies/<int:number>/", studies.study, name="study"),
    path("studies/<int:number>/progress", studies.study_progress, name="study_progress"),
    path("studies/<int:number>/trials.json", studies.study_figure, name="study_figure"),
    path("studies/<int:number>/continue", studies.continue_study, name="continue_study"),
    path("studies/<int:number>/cancel", studies.cancel_study, name="cancel_study"),
    path("comparisons/", comparisons.comparisons, name="comparisons"),
    path("comparisons/<int:number>/", comparisons.comparison, name="comparison"),
    path("promotions/<int:number>/", promotions.show, name="promotion"),
    path("promotions/<int:number>/ruling", promotions.rule, name="promotion_rule"),
    path("promotions/<int:number>/withdrawal", promotions.withdraw, name="promotion_withdraw"),
    path("promotions/<int:number>/preview", promotions.preview, name="promotion_preview"),
    path("promotions/<int:number>/preview/state", promotions.preview_state, name="promotion_preview_state"),
    path("rollback", promotions.roll_back, name="model_roll_back"),
]

drift_urlpatterns = [
    path("", drift.drift, name="drift"),
    path("measure", drift.measure, name="measure_drift"),
    path("<int:number>", drift.report, name="drift_report"),
    path("<int:number>/export", drift.export, name="drift_export"),
    path("<int:number>/<str:name>", drift.feature, name="drift_feature"),
    path("alerts/<int:number>", drift.see, name="see_alert"),
]

performance_urlpatterns = [path("", performance.performance, name="performance")]
