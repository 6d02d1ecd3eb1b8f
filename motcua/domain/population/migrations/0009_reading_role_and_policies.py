from typing import Any

from django.db import migrations

#: made here when we may; otherwise by whoever runs the server (docs/operations.md)
ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_reader') THEN
        BEGIN
            CREATE ROLE motcua_reader NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server was quicker
        END;
    END IF;
    BEGIN
        SET LOCAL ROLE motcua_reader;
        SET LOCAL ROLE NONE;
    EXCEPTION WHEN insufficient_privilege THEN
        EXECUTE format('GRANT motcua_reader TO %I', current_user);
    END;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege',
        MESSAGE = 'Cần vai trò đọc của CSDL dân cư: quản trị viên PostgreSQL chạy một lần / the register needs '
            'its reading role, an administrator of PostgreSQL runs once: CREATE ROLE motcua_reader NOLOGIN; '
            || format('GRANT motcua_reader TO %I;', current_user);
END $$;
"""

#: the owner's view of who is meant, for policies that must not ask the tables they guard
CIRCLE = """
CREATE FUNCTION population_subjects() RETURNS bytea[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(decode(index, 'hex')), '{}')
    FROM string_to_array(substring(current_setting('app.purpose', true) FROM '^subject:(.+)$'), ',') AS said,
         unnest(said) AS index
$$;

CREATE FUNCTION population_circle() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH me AS (
        SELECT id, father_id, mother_id, spouse_id, household_id FROM population_person
        WHERE number_index = ANY (population_subjects()) OR old_number_index = ANY (population_subjects())
    )
    SELECT array(
        SELECT unnest(array[id, father_id, mother_id, spouse_id]) FROM me
        UNION SELECT member.id FROM population_person member JOIN me ON member.household_id = me.household_id
        UNION SELECT head_id FROM population_household home JOIN me ON home.id = me.household_id
        UNION SELECT child.id FROM population_person child JOIN me ON child.father_id = me.id
        UNION SELECT child.id FROM population_person child JOIN me ON child.mother_id = me.id
    )
$$;

CREATE FUNCTION population_homes() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT array(
        SELECT household_id FROM population_person
        WHERE number_index = ANY (population_subjects()) OR old_number_index = ANY (population_subjects())
    )
$$;
"""

POLICIES = """
ALTER TABLE population_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE population_household ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON population_person, population_household TO motcua_reader;

CREATE POLICY reading ON population_person FOR SELECT TO motcua_reader USING (true);
CREATE POLICY purpose ON population_person AS RESTRICTIVE FOR ALL TO motcua_reader USING (
    number_index = ANY ((SELECT population_subjects())::bytea[])
    OR old_number_index = ANY ((SELECT population_subjects())::bytea[])
    OR id = ANY ((SELECT population_circle())::bigint[])
);
CREATE POLICY reading ON population_household FOR SELECT TO motcua_reader USING (true);
CREATE POLICY purpose ON population_household AS RESTRICTIVE FOR ALL TO motcua_reader USING (
    id = ANY ((SELECT population_homes())::bigint[])
);
"""

UNDO = """
DROP POLICY purpose ON population_household;
DROP POLICY reading ON population_household;
DROP POLICY purpose ON population_person;
DROP POLICY reading ON population_person;
REVOKE ALL ON population_person, population_household FROM motcua_reader;
ALTER TABLE population_household DISABLE ROW LEVEL SECURITY;
ALTER TABLE population_person DISABLE ROW LEVEL SECURITY;
DROP FUNCTION population_homes();
DROP FUNCTION population_circle();
DROP FUNCTION population_subjects();
"""


class Migration(migrations.Migration):
    dependencies: Any = [("population", "0008_names_by_first_and_last_word")]

    operations: Any = [
        migrations.RunSQL(ROLE, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(CIRCLE + POLICIES, reverse_sql=UNDO),
    ]
