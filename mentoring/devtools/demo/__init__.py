"""The demo: three cohorts of people who do not exist, told from any moment.

``seed.seed_demo`` enters it; ``sign_in_names`` and ``current_codes`` tell who may sign in and how.
"""

from mentoring.devtools.demo.people import current_codes, sign_in_names

__all__ = ["current_codes", "sign_in_names"]
