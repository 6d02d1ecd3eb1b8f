from django.db import migrations, models

#: the answer was promised within 72 hours (privacy/law/terms.toml)
DUE = "UPDATE population_complaint SET due_at = made_at + interval '72 hours'"


class Migration(migrations.Migration):
    dependencies = [("population", "0008_names_by_first_and_last_word")]

    operations = [
        migrations.AddField("complaint", "due_at", models.DateTimeField(null=True)),
        migrations.RunSQL(DUE, migrations.RunSQL.noop),
        migrations.AlterField("complaint", "due_at", models.DateTimeField()),
    ]
