import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_applications_withdrawn'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='machine_scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None),
        ),
        migrations.AlterField(
            model_name='accesstoken',
            name='session',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.session'),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('profile', 'fapi'), ('machine_scopes', []), _connector='OR'), name='client_asks_for_itself_strictly'),
        ),
        migrations.AddConstraint(
            model_name='accesstoken',
            constraint=models.CheckConstraint(condition=models.Q(('session__isnull', False), models.Q(('holder', ''), _negated=True), _connector='OR'), name='access_token_of_nobody_is_bound'),
        ),
    ]
