from django.db import migrations

GUARD = """
CREATE FUNCTION population_tile_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.level = OLD.level AND NEW.place = OLD.place AND NEW.first IS NOT DISTINCT FROM OLD.first
            AND substring(NEW.hashes FROM 1 FOR length(OLD.hashes)) = OLD.hashes THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'tiles of the usage log only grow' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER population_tile_grows BEFORE UPDATE OR DELETE ON population_tile
    FOR EACH ROW EXECUTE FUNCTION population_tile_only_grows();
CREATE TRIGGER population_tile_not_truncated BEFORE TRUNCATE ON population_tile
    FOR EACH STATEMENT EXECUTE FUNCTION population_tile_only_grows();
CREATE TRIGGER population_usage_not_truncated BEFORE TRUNCATE ON population_usage
    FOR EACH STATEMENT EXECUTE FUNCTION population_usage_is_append_only();
CREATE TRIGGER population_treehead_not_truncated BEFORE TRUNCATE ON population_treehead
    FOR EACH STATEMENT EXECUTE FUNCTION population_treehead_is_append_only();
"""
UNGUARD = """
DROP TRIGGER population_treehead_not_truncated ON population_treehead;
DROP TRIGGER population_usage_not_truncated ON population_usage;
DROP TRIGGER population_tile_not_truncated ON population_tile;
DROP TRIGGER population_tile_grows ON population_tile;
DROP FUNCTION population_tile_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("population", "0006_tree_tiles")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
