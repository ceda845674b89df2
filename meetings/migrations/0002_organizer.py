from django.conf import settings
from django.db import migrations, models

import programme.models


def name_the_office(apps, schema_editor):
    """Events that stand were announced in the name of the office."""
    office = apps.get_model("programme", "Organisation").objects.select_related("office").first()
    apps.get_model("meetings", "Meeting").objects.update(
        organizer=office.office.email if office else settings.MAIL_FROM
    )


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0001_initial"),
        ("programme", "0001_initial"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="organizer",
            field=models.EmailField(
                default="",
                editable=False,
                max_length=254,
                verbose_name="organiser of the calendar entries",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(name_the_office, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="meeting",
            name="organizer",
            field=models.EmailField(
                default=programme.models.office_mailbox,
                editable=False,
                max_length=254,
                verbose_name="organiser of the calendar entries",
            ),
        ),
    ]
