from django.db import migrations

GUARD = """
CREATE FUNCTION population_treehead_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'signed heads are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER population_treehead_append_only BEFORE UPDATE OR DELETE ON population_treehead
    FOR EACH ROW EXECUTE FUNCTION population_treehead_is_append_only();
"""
UNGUARD = """
DROP TRIGGER population_treehead_append_only ON population_treehead;
DROP FUNCTION population_treehead_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("population", "0004_ledger_and_complaints")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
