from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("population", "0018_one_person_read_by_one_statement")]

    operations = [
        migrations.AddField(
            model_name="subscriber",
            name="dossier_page",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
    ]
