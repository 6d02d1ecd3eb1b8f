from django.db import migrations

GUARD = """
CREATE FUNCTION population_usage_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the usage log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER population_usage_append_only BEFORE UPDATE OR DELETE ON population_usage
    FOR EACH ROW EXECUTE FUNCTION population_usage_is_append_only();
"""
UNGUARD = """
DROP TRIGGER population_usage_append_only ON population_usage;
DROP FUNCTION population_usage_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("population", "0001_register")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
