"""Vouch for the assessments of a chunk by one digest, and name the failures there were before they had names."""

from django.db import migrations

DIGEST = """
CREATE FUNCTION assessment_digest(made assessment) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        made.id, made.application_id, made.application_version, made.model_version_id, made.policy_id, made.purpose,
        made.probability, made.recommendation, made.risk_level, made.base, made.reasons,
        to_char(made.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), made.chunk_id
    )::text, 'UTF8') || made."values" || made.contributions)
$$;
CREATE FUNCTION assessment_chunk_digest(chunk bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(coalesce(string_agg(assessment_digest(made), ''::bytea ORDER BY made.id), ''::bytea)), 'hex')
    FROM assessment AS made WHERE made.chunk_id = chunk
$$;
"""
UNDO = "DROP FUNCTION assessment_chunk_digest(bigint); DROP FUNCTION assessment_digest(assessment);"
NAME_FAILURES = "UPDATE assessment_request SET failure = 'unforeseen' WHERE state = 'failed' AND failure = ''"


class Migration(migrations.Migration):
    dependencies = [("applications", "0005_assessing_the_book")]

    operations = [
        migrations.RunSQL(DIGEST, UNDO),
        migrations.RunSQL(NAME_FAILURES, migrations.RunSQL.noop),
    ]
