"""How German pages and mails write days and times: 20. Januar 2027, 17.30 Uhr."""

DATE_FORMAT = "j. F Y"
TIME_FORMAT = "G.i\N{NO-BREAK SPACE}\\U\\h\\r"
DATETIME_FORMAT = "j. F Y, " + TIME_FORMAT
SHORT_DATE_FORMAT = "d.m.Y"
MONTH_DAY_FORMAT = "j. F"
