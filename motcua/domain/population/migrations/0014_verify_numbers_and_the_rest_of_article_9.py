from typing import Any

import django.db.models.deletion
from django.db import migrations, models

CIRCLE = """
CREATE OR REPLACE FUNCTION population_circle() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH me AS (
        SELECT id, father_id, mother_id, spouse_id, {more}household_id FROM population_person
        WHERE number_index = ANY (population_subjects()) OR old_number_index = ANY (population_subjects())
    )
    SELECT array(
        SELECT unnest(array[id, father_id, mother_id, spouse_id{more_of}]) FROM me
        UNION SELECT member.id FROM population_person member JOIN me ON member.household_id = me.household_id
        UNION SELECT head_id FROM population_household home JOIN me ON home.id = me.household_id
        UNION SELECT child.id FROM population_person child JOIN me ON child.father_id = me.id
        UNION SELECT child.id FROM population_person child JOIN me ON child.mother_id = me.id
    )
$$;
"""
WITH_REPRESENTATIVE = CIRCLE.format(more="representative_id, ", more_of=", representative_id")
WITHOUT = CIRCLE.format(more="", more_of="")


class Migration(migrations.Migration):

    dependencies = [
        ('population', '0013_officers_days_found_by_their_own_index'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='right',
            name='right_verb',
        ),
        migrations.AddField(
            model_name='person',
            name='absent_at',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        migrations.AddField(
            model_name='person',
            name='absent_from',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='absent_to',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='cancelled_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='missing_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='representative',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='population.person'),
        ),
        migrations.AddField(
            model_name='person',
            name='representative_name',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        migrations.AlterField(
            model_name='right',
            name='verb',
            field=models.CharField(choices=[('attributes', 'attributes'), ('match', 'match'), ('verify', 'verify'), ('status', 'status'), ('numbers', 'numbers'), ('find', 'find'), ('choose', 'choose')], max_length=10),
        ),
        migrations.AlterField(
            model_name='usage',
            name='verb',
            field=models.CharField(choices=[('attributes', 'attributes'), ('match', 'match'), ('verify', 'verify'), ('status', 'status'), ('numbers', 'numbers'), ('find', 'find'), ('choose', 'choose')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(('verb__in', ['attributes', 'match', 'verify', 'status', 'numbers', 'find', 'choose'])), name='right_verb'),
        ),
        migrations.RunSQL(WITH_REPRESENTATIVE, reverse_sql=WITHOUT),
    ]
