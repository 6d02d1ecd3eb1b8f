from django.db import migrations, models

#: the answer was promised within 72 hours (privacy/law/terms.toml)
DUE = "UPDATE population_complaint SET due_at = made_at + interval '72 hours'"


class Migration(migrations.Migration):
    dependencies = [("population", "0009_reading_role_and_policies")]

    operations = [
        migrations.AddField("complaint", "due_at", models.DateTimeField(null=True)),
        migrations.RunSQL(DUE, migrations.RunSQL.noop),
        migrations.AlterField("complaint", "due_at", models.DateTimeField()),
    ]
