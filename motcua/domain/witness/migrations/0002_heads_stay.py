from django.db import migrations

GUARD = """
CREATE FUNCTION witness_kepthead_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'seen_at' = to_jsonb(OLD) - 'seen_at' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'kept heads stay as they are' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER witness_kepthead_stay BEFORE UPDATE OR DELETE ON witness_kepthead
    FOR EACH ROW EXECUTE FUNCTION witness_kepthead_stays();
CREATE TRIGGER witness_kepthead_not_truncated BEFORE TRUNCATE ON witness_kepthead
    FOR EACH STATEMENT EXECUTE FUNCTION witness_kepthead_stays();
"""
UNGUARD = """
DROP TRIGGER witness_kepthead_not_truncated ON witness_kepthead;
DROP TRIGGER witness_kepthead_stay ON witness_kepthead;
DROP FUNCTION witness_kepthead_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("witness", "0001_kept_heads")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
