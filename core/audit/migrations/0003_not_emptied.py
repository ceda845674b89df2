"""PostgreSQL refuses to empty the table as well: TRUNCATE asks no trigger that looks at rows (promise P9)."""

from django.db import migrations

CREATE = """
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
DROP = "DROP TRIGGER IF EXISTS audit_not_emptied ON audit_auditevent;"


def on_postgres(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(on_postgres(CREATE), on_postgres(DROP))]
