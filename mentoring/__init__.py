"""The Django project: settings, addresses, and what is composed of several packages."""

# Every package of ours, from the top of the imports down.
PACKAGES = (
    "mentoring",
    "meetings",
    "matching",
    "workshops",
    "mentees",
    "mentors",
    "backoffice",
    "programme",
    "accounts",
    "outbox",
    "core",
)
