"""Whoever is promised that somebody reads something, or nobody does, is promised a rule.

``PROMISED`` names every such sentence of pages, forms and mails, the columns it is about, and who must not
read them; each column is filled with a word of its own, and every page of every role is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polib
import pytest
import time_machine
from django.test import Client

from matching.profiles import problem_of
from mentors.models import CriterionCheck
from tests import factories as make
from tests.access import matrix, world
from tests.access.matrix import GROUPS
from tests.access.test_matrix import address
from tests.access.world import World
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {"anonymous", "applicant", "stranger"}
OFFICE = {"coordinator", "admin"}
TANDEM = {"mentee", "mentor"}


@dataclass(frozen=True)
class Promise:
    """What sentences promise: ``columns`` by “label.field”, of the tandem's own objects; ``not_by``: the
    roles that must not read them; ``by``: those of whom at least one does. ``proof``: the test that holds
    it, where it is another than the one below."""

    sentences: tuple[str, ...]
    columns: tuple[str, ...] = ()
    not_by: frozenset[str] | set[str] = frozenset()
    by: frozenset[str] | set[str] = frozenset()
    proof: str = "tests/structure/test_readers.py::test_nobody_reads_what_is_not_for_them"


SCOPE = "tests/desk/test_scope.py::test_a1_no_page_of_the_desk_changes_with"
PROMISED = (
    # ── an application before it is confirmed, and after it is withdrawn ─────
    Promise(
        (
            "An application for the mentoring programme %(cohort)s was sent with your "
            "address. The coordinators read it only once you have confirmed it.",
            "It was sent by %(name)s on %(when)s, for %(cohort)s. The coordinators read "
            "it only once you have confirmed it.",
            "Please confirm it; only then will the coordinators read the application.",
            "preview: Only then will your application reach the coordinators.",
            "Nobody will read it, and it will be deleted.",
            "It was never confirmed. Nobody will read it, and it will be deleted.",
            "an application for the mentoring programme {cohort} was sent with this address. Please confirm that it is yours; only then will it reach the coordinators.",
        ),
        proof=SCOPE,
    ),
    Promise(
        (
            "We will not read it any further. You do not need to do anything.",
            "We will not read your application for %(cohort)s any further. You can undo "
            "this for %(hours)s hour; after that it is final.",
            "The application has been withdrawn: nobody reads its answers any more.",
            "you have withdrawn your application to {cohort}. We will not read it any further.",
        ),
        proof="tests/structure/test_readers.py::test_nobody_reads_the_answers_of_who_withdrew",
    ),
    # ── an application ───────────────────────────────────────────────────────
    Promise(
        (
            "We use your goals to look for people who can help you reach them. The "
            "coordinators read what you write here; your mentor reads only what you write"
            " in the last field of this part.",
            "What may a possible mentor read about you before saying yes? Of everything "
            "you write, this is the only text we pass on.",
            "- Your application is read by the coordinators and nobody else.",
            "- The coordinators read the whole application.",
            "- Teachers, examiners and third parties read none of it.",
        ),
        ("mentees.Application.motivation", "mentees.Application.goals", "mentees.Application.expectations"),
        OUTSIDE | {"mentor"},
        {"mentee"},
    ),
    Promise(
        ("Is there anything we should know so that you have equal opportunities? For example children, caring responsibilities, an illness, money or your residence status. Only the coordinators read this, and it is never used in any calculation.",
            "- Your personal situation, if you write about it, stays with the coordinators.",),
        ("mentees.Application.situation",),
        OUTSIDE | {"mentor"},
        {"mentee"},
    ),
    Promise(
        (
            "If you agree, the coordinators approve and ask %(name)s, who reads your "
            "name, what you study, your career fields and topics, and your message to "
            "your mentor. Your address and telephone number are passed on only after a "
            "yes.",
            "- The mentor you agree to then reads your name, subject, degree, career fields, topics and the message you wrote for them. They learn your address only when both have said yes.",
            "- Your mentor reads what they need for the decision and for the tandem; addresses are passed on only when both have agreed.",
            "we have found a possible mentor for you: {mentor:name}, {profession}. Please take your time to read why we think you would work well together, and tell us whether we may ask. {mentor:name} will hear of you only after you agree and the coordinators approve.",
            "- A mentee to whom we propose you reads name, profession and topics. They get your address only when you have agreed to the tandem.",
        ),
        proof="tests/structure/test_readers.py::test_neither_learns_the_others_address_before_the_yes",
    ),
    # ── a tandem ─────────────────────────────────────────────────────────────
    Promise(
        ("Only the coordinators read this. The two mentoring partners are told that the tandem has ended, but not why.", "Both are told that it has ended, but not why. The mentee is free for another tandem."),
        ("matching.Tandem.end_reason",),
        OUTSIDE | TANDEM,
        OFFICE,
    ),
    Promise(("Only the coordinators are told.",), ("matching.Tandem.mentee_word",), OUTSIDE | {"mentor"}, OFFICE),
    Promise((), ("matching.Tandem.word_to_office",), OUTSIDE | {"mentee"}, OFFICE),
    Promise(("Only the coordinators read this; a few words are enough.",), ("mentees.Mentee.left_reason",), OUTSIDE | TANDEM, OFFICE),
    # ── meetings ─────────────────────────────────────────────────────────────
    Promise(
        (
            "Only the two of you can read this. You can change it until the meeting.",
            "Only the two of you can read this.",
            "- What you would like to talk about in a meeting is read by the two of you alone. The coordinators only see that a meeting took place.",
            "- Nobody learns what you talk about in the tandem. The coordinators only see that a meeting took place.",
            "The coordinators learn that you met, not what was said.",
            "Your meeting with %(name)s was on %(when)s. The coordinators learn that you "
            "met, not what was said.",
            "- what you talk about stays between the two of you",
            "confidential: what you talk about stays between the two of you",
            "Unpaid. What you talk about stays between the two of you.",
            "You both keep to dates and agreements. What you talk about stays between the"
            " two of you.",
            "Your mentor neither teaches, examines nor employs you. What you talk about stays between the two of you. Even the coordinators only see that a meeting took place. If it is not working out, you can say so during the trial period, without giving reasons.",
        ),
        ("meetings.Meeting.agenda", "meetings.Meeting.word", "meetings.Meeting.cancel_reason"),
        OUTSIDE | OFFICE,
        TANDEM,
    ),
    # ── mentors ──────────────────────────────────────────────────────────────
    Promise(
        ("A few sentences are enough. Only the coordinators read them.",),
        ("mentors.Mentor.motivation", "mentors.Mentor.source"),
        {"anonymous", "applicant", "mentee"},
        OFFICE,
    ),
    Promise(
        ("- Name, profession, career fields, topics and a few words about you appear on our public pages, in the directory and singly on others, only if you have expressly allowed it.",),
        proof="tests/structure/test_readers.py::test_public_pages_name_who_allowed_it",
    ),
    # ── workshops, notes of the office ───────────────────────────────────────
    Promise(("Only the people registered, those on the waiting list included, and the coordinators read this sentence.",), proof="tests/workshops/test_pages.py::test_who_registered_and_the_coordinators_alone_read_why_a_workshop_is_cancelled"),
    Promise(("Address of the online room or directions to the door. Only people with a place can see them.",), ("workshops.Workshop.access",), {"anonymous", "applicant", "mentor"}, {"mentee"}),
    Promise((), ("mentees.Application.office_note",), OUTSIDE | TANDEM),
    Promise((), ("mentors.CriterionCheck.evidence",), OUTSIDE - {"stranger"} | TANDEM, OFFICE),
)  # fmt: skip
# What the pattern finds although it promises nothing of who reads what somebody wrote.
NO_PROMISE = (
    "Without your consent we may not read the application.",
    "We could not read this request",
    "This page explains what that is, who reads it",
    "You will find our recommendations beside each question",
    "Voluntary, confidential and a good listener",
    "Coordinators see personal data, so a password alone is not enough",
    "While you read, this website sets no cookies",
    "We do not yet offer easy-to-read language",
    "Free of charge, confidential",
    "the time to answer passed on",
    "Write to us: <a href",  # talks, not pages
)
PATTERN = re.compile(
    r"\b(only|nobody|never|alone|not|nothing)\b[^.]*\b(reads?|sees?|learns?|passed on|reach the)\b"
    r"|\b(reads?|learns?|sees?|told)\b[^.]*\b(only|nobody|alone|else|whole|not (what|why))\b"
    r"|stays? (between|with)|confidential|in confidence|passed on|hear of you|\bprivate\b|Who reads",
    re.IGNORECASE,
)


def sentences() -> Iterator[str]:
    """Every English sentence of pages and forms, and every line of mails, notices and texts of pages."""
    for entry in polib.pofile(str(ROOT / "locale/de/LC_MESSAGES/django.po")):
        yield entry.msgid
    for path in sorted((ROOT / "templates").rglob("*.en.txt")):
        yield from (line.strip() for line in path.read_text().splitlines())


def test_every_sentence_that_promises_who_reads_something_is_a_rule() -> None:
    known = {one for promise in PROMISED for one in promise.sentences}
    said = set(sentences())
    assert known - said == set(), "no page or mail says this any more"
    missing = {
        one
        for one in said - known
        if PATTERN.search(one) and not one.startswith("#") and not any(part in one for part in NO_PROMISE)
    }  # fmt: skip
    assert missing == set(), "promised, and no rule"


def test_every_rule_has_its_proof() -> None:
    for promise in PROMISED:
        path, _, name = promise.proof.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(), promise.proof


# ── the rules ────────────────────────────────────────────────────────────────
@pytest.fixture
def full_world(db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.MAIL_URL = tmp_path.as_uri()
    with time_machine.travel(NOW, tick=False):
        full_world = world.build()
        full_world.own["mentees.Application"] = full_world.own["mentees.Mentee"].application
        yield full_world


def read_by(client: Client, full_world: World, role: str) -> str:
    """Everything that a role reads of what is its own (the stranger: of what is not)."""
    world.enter(client, full_world, role)
    pages = []
    for group in GROUPS:
        for name, page in GROUPS[group].items():
            own = matrix.objects(full_world, page)["own"]
            if page.acts or group == "dev" or page.own.get(role) not in ("P", "–"):
                continue
            if name.startswith("admin:mentees_application_verb"):
                continue
            shown = client.get(address(name, page, own, full_world))
            pages.append("" if shown.streaming else shown.content.decode())
    client.logout()
    return "\n".join(pages)


def test_nobody_reads_what_is_not_for_them(client: Client, full_world: World) -> None:
    """Of the columns that a sentence is about, each filled with a word that stands nowhere else."""
    CriterionCheck.objects.filter(mentor=full_world.own["mentors.Mentor"]).update(
        evidence="wortEvidenz"
    )
    words = {"mentors.CriterionCheck.evidence": "wortEvidenz"}
    for promise in PROMISED:
        for column in promise.columns:
            label, _, field = column.rpartition(".")
            if label in full_world.own:
                words[column] = "wort" + re.sub(r"\W|_", "", column)
                model = type(full_world.own[label])
                model._base_manager.filter(pk=full_world.own[label].pk).update(
                    **{field: words[column]}
                )
    pages = {
        role: read_by(client, full_world, role) for role in world.ROLES if role != "factorless"
    }
    wrong = [
        f"{role} reads {column}"
        for promise in PROMISED
        for column in promise.columns
        for role in promise.not_by
        if words[column] in pages[role]
    ]
    assert wrong == []
    assert words["mentees.Application.situation"] not in repr(
        problem_of(full_world.own["programme.Cohort"])
    )
    for promise in PROMISED:
        if promise.by and promise.columns:
            found = [
                role for role in promise.by for one in promise.columns if words[one] in pages[role]
            ]
            assert found, f"nobody reads {promise.columns}: the test looks at the wrong pages"


def test_nobody_reads_the_answers_of_who_withdrew(client: Client, full_world: World) -> None:
    one = make.application("withdrawn", motivation="wortMotivation", situation="wortLage", withdrawn_from="submitted")  # fmt: skip
    path = f"/admin/mentees/application/{one.pk}/change/"
    for role in ("coordinator", "admin"):
        world.enter(client, full_world, role)
        shown = client.get(path).content.decode()
        assert "niemand" in shown
        assert not {"wortMotivation", "wortLage"} & set(re.findall(r"\w+", shown))
        client.logout()
    make.at(one, "submitted")
    world.enter(client, full_world, "coordinator")
    assert "wortMotivation" in client.get(path).content.decode()


def test_neither_learns_the_others_address_before_the_yes(
    client: Client, full_world: World
) -> None:
    """On the page of the proposal, and on the page behind the mentor's link."""
    from tests.matching.test_links import asked

    tandem, link = asked(
        motivation="wortMotiv", goals="wortZiel", expectations="wortErwartung", situation="wortLage"
    )
    mentee, mentor = tandem.mentee.user, tandem.mentor.user
    mentor.phone = "+49 341 999 88 77"
    mentor.save()
    page = client.get(link).content.decode()
    assert "Ich suche ein ehrliches Wort." in page
    for hidden in (
        mentee.email,
        mentee.phone,
        "wortMotiv",
        "wortZiel",
        "wortErwartung",
        "wortLage",
    ):
        assert hidden not in page
    client.force_login(mentee)
    for path in ("/me/", "/me/matching/"):
        page = client.get(path, follow=True).content.decode()
        assert mentor.email not in page
        assert mentor.phone not in page


def test_public_pages_name_who_allowed_it(client: Client, db: None) -> None:
    field = make.career_field("opera")
    for name, public in (("Wer darf", True), ("Wer nicht will", False)):
        make.mentor(name=name, public=public, about="Wort").career_fields.add(field)
    for path in ("/mentors/", "/", "/about/mentees/"):
        page = client.get(path).content.decode()
        assert "Wer darf" in page
        assert "Wer nicht will" not in page
