"""The demo data: three cohorts of invented people, at any point in time.

``seed.seed_demo`` enters it; ``sign_in_names`` and ``current_codes`` return who may sign in and how.
"""

from mentoring.devtools.demo.people import current_codes, sign_in_names

__all__ = ["current_codes", "sign_in_names"]
