"""What gunicorn reads by itself, in ``make run`` and in production alike (promises P10, L7)."""

logger_class = "mentoring.operations.web_server.HouseLogger"
accesslog = None
