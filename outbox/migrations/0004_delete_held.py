from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0003_to_address'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outgoingmail',
            name='status',
            field=models.CharField(choices=[('planned', 'planned'), ('claimed', 'being sent'), ('sent', 'sent'), ('retry', 'failed, will be tried again'), ('failed', 'failed'), ('in_doubt', 'delivery uncertain'), ('cancelled', 'cancelled'), ('missed', 'too late, not sent')], default='planned', max_length=10, verbose_name='status'),
        ),
    ]
