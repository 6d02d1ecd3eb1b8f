from django.db import migrations

FREEZE = """
CREATE FUNCTION procedures_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (to_jsonb(NEW) - 'in_force_to') = (to_jsonb(OLD) - 'in_force_to')
        AND OLD.in_force_to IS NULL
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published version is never changed or deleted (% v%)', OLD.code, OLD.number;
END $$;
CREATE TRIGGER procedures_frozen BEFORE UPDATE OR DELETE ON procedures_procedureversion
    FOR EACH ROW EXECUTE FUNCTION procedures_frozen();
"""
THAW = """
DROP TRIGGER procedures_frozen ON procedures_procedureversion;
DROP FUNCTION procedures_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_procedures")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
