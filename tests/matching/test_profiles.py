"""What the engine may know of a person, and what never changes a score."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from matching import actions, engine
from matching.models import PairRule
from matching.profiles import exclusions_of, problem_of
from mentees.models import Application
from mentors.models import Mentor
from programme.models import Cohort
from tests import factories
from tests.matching.people import a_mentee, a_mentor, office

pytestmark = pytest.mark.django_db


def test_profiles_say_what_was_said() -> None:
    wish = a_mentor("Tobias Wendland")
    mentor = a_mentor(
        capacity=3, held=1, meeting_format="only_online", meetings_a_month=2, groups=("strings",)
    )
    mentee = a_mentee(
        wishes=(wish, "Jemand von außen"), meeting_format="on_site", meetings_a_month=1
    )
    problem = problem_of(mentee.cohort)
    [mine] = problem.mentees
    assert (mine.id, mine.person) == (str(mentee.pk), str(mentee.user_id))
    assert [(goal.topic, goal.priority) for goal in mine.goals] == [
        ("audition", 1),
        ("marketing", 2),
        ("nerves", 3),
    ]
    assert mine.wishes == (str(wish.pk), None)
    assert (mine.career_fields, mine.languages) == (("orchestra",), ("german",))
    assert (mine.format, mine.meetings_per_month) == (engine.Format.ON_SITE, 1)
    assert mine.subject_groups == ("strings",)
    theirs = next(one for one in problem.mentors if one.id == str(mentor.pk))
    assert (theirs.capacity, theirs.topics) == (2, ("audition", "marketing"))
    assert (theirs.format, theirs.meetings_per_month) == (engine.Format.ONLINE_ONLY, 2)
    assert theirs.subject_groups == ("strings",)


def test_only_active_mentors_whose_consent_stands_are_planned() -> None:
    mentee = a_mentee()
    kept = a_mentor()
    a_mentor("Pavel Czerny", state="paused")
    withdrawn = a_mentor("Jan Marquardt")
    withdrawn.user.consents.update(withdrawn_at=factories.NOW)
    assert [one.id for one in problem_of(mentee.cohort).mentors] == [str(kept.pk)]


def test_places_somebody_was_asked_for_are_not_offered_twice() -> None:
    mentor = a_mentor(capacity=3)
    factories.tandem("confirmed", mentor=mentor)
    factories.tandem("mentor_asked", mentor=mentor)
    factories.tandem("declined", mentor=mentor)
    mentee = a_mentee()
    [theirs] = [one for one in problem_of(mentee.cohort).mentors if one.id == str(mentor.pk)]
    assert theirs.capacity == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("forbid", "forbidden"),
        ("veto", "mentee_veto"),
        ("teaches", "teaches"),
        ("examines", "examines"),
        ("employs", "employs"),
    ],
)
def test_rules_of_people_exclude_a_pair(kind: str, code: str) -> None:
    mentee, mentor = a_mentee(), a_mentor()
    actions.forbid_pair(mentee, mentor, by=office(), now=factories.NOW, kind=kind)
    assert exclusions_of(mentee, mentor) == (code,)
    plan = problem_of(mentee.cohort).plan("total")
    assert plan.exclusion_codes(str(mentee.pk), str(mentor.pk)) == (code,)


def test_hard_rules_of_profiles_exclude_a_pair() -> None:
    mentee = a_mentee(meeting_format="only_online")
    silent = a_mentor("Pavel Czerny", languages=("french",))
    there = a_mentor("Jan Marquardt", meeting_format="only_on_site")
    oneself = a_mentor(user=mentee.user)
    assert exclusions_of(mentee, silent) == ("no_common_language",)
    assert exclusions_of(mentee, there) == ("formats_exclude",)
    assert exclusions_of(mentee, oneself) == ("same_person",)


# ── never in the score ───────────────────────────────────────────────────────
FORBIDDEN_WORDS = (
    "name", "gender", "age", "birth", "nation", "origin", "photo", "salutation", "email", "phone",
    "motivation", "situation", "goals_text", "expectation", "about", "note", "german", "semester",
    "degree", "public", "source", "website",
)  # fmt: skip


@pytest.mark.parametrize("profile", [engine.MenteeProfile, engine.MentorProfile])
def test_gdpr22_profiles_have_no_field_for_what_must_not_count(profile: type[Any]) -> None:
    names = {field.name for field in dataclasses.fields(profile)}
    for name in names - {"languages", "person"}:
        assert not any(name == word or name.startswith(f"{word}_") for word in FORBIDDEN_WORDS)


def _everything_but_what_counts() -> None:
    """Changes whatever describes people without being asked for by a component."""
    for number, user in enumerate(User.objects.all()):
        user.name = f"Andere {number}"
        user.salutation = "Herr Professor"
        user.language = "en"
        user.phone = "+49 1"
        user.save()
    # every free text and everything about the course of studies but the group of subjects
    degree = factories.degree("bachelor", semesters=8)
    for application in Application.objects.all():
        application.name = "Anders"
        application.degree = degree
        application.semester, application.semesters_left = 9, 1
        application.german = "basic"
        for name in ("motivation", "goals", "expectations", "situation", "words_for_mentor"):
            setattr(application, name, "Etwas ganz anderes. " * 20)
        application.office_note = "Sehr gut."
        application.save()
    for mentor in Mentor.objects.all():
        mentor.name, mentor.profession = "Anders", "berühmt"
        mentor.about = mentor.motivation = mentor.source = "…"
        mentor.website, mentor.public = "https://example.org", not mentor.public
        mentor.save()


def test_gdpr22_changing_who_people_are_never_changes_a_score() -> None:
    mentors = [a_mentor(f"Mentor {n}", capacity=2, topics=("audition",)) for n in range(4)]
    for number in range(6):
        a_mentee(f"Mentee {number}", wishes=(mentors[number % 4],), situation="…")
    cohort = Cohort.objects.get()
    before = problem_of(cohort)
    first = before.plan("total")
    _everything_but_what_counts()
    after = problem_of(cohort)
    second = after.plan("total")
    assert before.fingerprint("total") == after.fingerprint("total")
    assert (first.scores == second.scores).all()
    assert first.taken.tolist() == second.taken.tolist()


def test_the_fingerprint_changes_with_what_counts() -> None:
    mentee, mentor = a_mentee(), a_mentor()
    seen = {problem_of(mentee.cohort).fingerprint("total")}
    seen.add(problem_of(mentee.cohort).fingerprint("fair"))
    actions.pin_pair(mentee, mentor, by=office(), now=factories.NOW)
    seen.add(problem_of(mentee.cohort).fingerprint("total"))
    mentor.topics.add(factories.topic("nerves"))
    seen.add(problem_of(mentee.cohort).fingerprint("total"))
    assert len(seen) == 4


def test_the_number_of_queries_does_not_grow_with_people() -> None:
    mentor = a_mentor()
    a_mentee(wishes=(mentor,))
    cohort = Cohort.objects.get()
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            problem_of(cohort)
        counts.append(len(captured))
        for number in range(8):
            one = a_mentor(f"Mentor {number}")
            mentee = a_mentee(f"Mentee {number}", wishes=(one, mentor))
            actions.forbid_pair(mentee, one, by=office(), now=factories.NOW)
    assert counts[0] == counts[1]
    assert PairRule.objects.count() == 16
