from django.db import migrations

FREEZE = """
CREATE FUNCTION procedures_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The end of being in force is set once; the words for searching follow the library.
    IF TG_OP = 'UPDATE'
        AND (to_jsonb(NEW) - ARRAY['in_force_to', 'spoken', 'folded'])
            = (to_jsonb(OLD) - ARRAY['in_force_to', 'spoken', 'folded'])
        AND (OLD.in_force_to IS NULL OR OLD.in_force_to = NEW.in_force_to)
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
