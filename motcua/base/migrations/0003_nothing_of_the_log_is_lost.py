from django.db import migrations

GUARD = """
CREATE TRIGGER base_event_not_truncated BEFORE TRUNCATE ON base_event
    FOR EACH STATEMENT EXECUTE FUNCTION base_event_is_append_only();
"""
UNGUARD = "DROP TRIGGER base_event_not_truncated ON base_event;"


class Migration(migrations.Migration):
    dependencies = [("base", "0002_append_only_log")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
