"""Chain the audit log, and forbid changing what was recorded."""

from django.db import migrations

DIGEST = """
CREATE FUNCTION audit_event_digest(event audit_event) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        event.id, to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), event.kind, event.actor_id,
        event.subject_type, event.subject_id, event.request_id, event.data, event.previous_hash
    )::text, 'UTF8')), 'hex')
$$;
"""

# The lock makes events follow one another; the number is given under it, so that it has no gaps and shows deletions.
CHAIN = """
CREATE FUNCTION chain_audit_event() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    last audit_event;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_event'));
    SELECT * INTO last FROM audit_event ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.previous_hash := coalesce(last.hash, repeat('0', 64));
    NEW.hash := audit_event_digest(NEW);
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_event_is_chained BEFORE INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION chain_audit_event();
"""

FORBID = """
CREATE FUNCTION forbid_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What % records is never changed or deleted.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER assessment_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assessment
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
"""

UNDO = """
DROP TRIGGER decision_is_append_only ON decision;
DROP TRIGGER assessment_is_append_only ON assessment;
DROP TRIGGER audit_event_is_append_only ON audit_event;
DROP TRIGGER audit_event_is_chained ON audit_event;
DROP FUNCTION forbid_change();
DROP FUNCTION chain_audit_event();
DROP FUNCTION audit_event_digest(audit_event);
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_references")]

    operations = [migrations.RunSQL(DIGEST + CHAIN + FORBID, UNDO)]
