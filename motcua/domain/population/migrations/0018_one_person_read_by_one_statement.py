from django.db import migrations

#: what `match` and its like read: the reader for as long as the function runs, and the policies judge as ever
READ = """
CREATE FUNCTION population_read(purpose text) RETURNS SETOF population_person LANGUAGE plpgsql
    SET search_path FROM CURRENT SET role = 'motcua_reader' AS $$
BEGIN
    PERFORM set_config('app.purpose', purpose, true);
    RETURN QUERY SELECT * FROM population_person WHERE number_index = ANY (population_subjects());
    PERFORM set_config('app.purpose', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("population", "0017_past_of_households")]

    operations = [migrations.RunSQL(READ, "DROP FUNCTION population_read(text);")]
