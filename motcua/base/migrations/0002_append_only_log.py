from django.db import migrations

GUARD = """
CREATE FUNCTION base_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER base_event_append_only BEFORE UPDATE OR DELETE ON base_event
    FOR EACH ROW EXECUTE FUNCTION base_event_is_append_only();
"""
UNGUARD = """
DROP TRIGGER base_event_append_only ON base_event;
DROP FUNCTION base_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0001_ground")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        # Budgets are worth nothing after a crash, and every log-in writes one.
        migrations.RunSQL("ALTER TABLE base_budget SET UNLOGGED", "ALTER TABLE base_budget SET LOGGED"),
    ]
