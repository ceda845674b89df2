"""``seed_demo``: three cohorts to look at, the same from the same seed, and no word to anybody about the
past (contract)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from accounts.models import User
from core.states import StatefulModel
from core.times import local
from matching.models import MatchingRun, PairRule, Tandem
from meetings.models import Meeting
from mentees.models import Application, Mentee
from mentees.rules import findings
from mentoring.desk.page import SOURCES, desk_of
from mentoring.devtools.demo import current_codes, days, sign_in_names
from mentoring.devtools.demo.seed import Refused, seed_demo
from mentoring.devtools.demo.stage import Sizes
from mentoring.operations.sweep import sweep
from mentoring.operations.verify import breaches
from mentors.models import Mentor
from outbox.models import MailStatus, OutgoingMail
from programme.models import Cohort, Organisation, Vocabulary
from tests.accounts.helpers import move
from workshops.models import Registration, Session, Workshop

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
SMALL = Sizes(mentees=3, mentors=9, workshops=4)
# Nobody lingers in these: a draft was not sent to anybody, and an approval asks the mentor at once.
PASSING = {Application: {"draft"}, Tandem: {"approved"}}


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def small(django_db_setup: None, django_db_blocker: Any) -> list[str]:
    """What a small demo from another seed consists of."""
    with django_db_blocker.unblock(), taken_back():
        seed_demo(AT, seed=7, sizes=SMALL)
        return told()


@pytest.fixture(scope="module", autouse=True)
def demo(small: object, django_db_blocker: Any) -> Iterator[Counter[str]]:
    """The demo as it is usually told; entering it takes seconds, so that all tests look at
    the same, each in a savepoint of its own."""
    with django_db_blocker.unblock(), taken_back():
        yield seed_demo(AT)


@pytest.fixture
def running() -> Cohort:
    """The cohort that runs."""
    return Cohort.objects.get(starts_on__lte=AT, ends_on__gte=AT)


def told() -> list[str]:
    """People, states, dates and keys, as far as they are no secrets."""
    columns = ("pk", "email", "name", "language", "is_staff", "date_joined")
    lines = [str(row) for row in User.objects.values_list(*columns)]
    for model in (Mentor, Application, Mentee, Tandem, Meeting, Workshop, Registration):
        columns = ("pk", "state", "state_since", "version")
        lines += [f"{model.__name__} {row}" for row in model._default_manager.values_list(*columns)]
    for row in Application.objects.values_list("motivation", "goals", "words_for_mentor"):
        lines.append(str(row))
    lines += [str(row) for row in Session.objects.values_list("starts_at", "ends_at")]
    columns = ("kind", "recipient__email", "due_at", "status")
    lines += [str(row) for row in OutgoingMail.objects.values_list(*columns)]
    return sorted(lines)


# ── how many, and the same again ─────────────────────────────────────────────
def test_three_cohorts_and_the_running_one_in_the_promised_size(
    demo: Counter[str], running: Cohort
) -> None:
    past, second, coming = Cohort.objects.order_by("starts_on")
    assert past.ends_on < AT.date() < coming.starts_on
    assert second == running
    assert coming.takes_applications(AT)
    assert Mentee.objects.filter(cohort=running).count() == 25
    assert Mentor.objects.count() == 40
    assert Workshop.objects.filter(cohort=running).count() == 20
    assert demo["mentor"] == 40
    assert demo["cohort"] == 3
    hours = sum(one.minutes for one in Session.objects.filter(workshop__cohort=running)) / 60
    assert 75 <= hours <= 85  # about eighty hours a year


def test_the_sizes_are_the_wanted_ones(small: list[str]) -> None:
    words = Counter(line.partition(" ")[0] for line in small)
    assert words["Mentor"] == SMALL.mentors


def test_another_seed_tells_of_other_people(small: list[str]) -> None:
    addresses = set(User.objects.values_list("email", flat=True))
    others = {line.split()[1] for line in small if "@" in line.split()[1]}
    assert len(addresses - others) > 40


# ── where it is not entered ──────────────────────────────────────────────────
def test_a_demo_is_not_entered_twice() -> None:
    with pytest.raises(Refused), translation.override("en"):
        seed_demo(AT)
    with pytest.raises(CommandError):
        call_command("seed_demo")


def test_a_database_with_real_data_is_left_alone() -> None:
    move(User.objects.get(email__startswith="katrin.behrend"), "k.behrend@example.org", AT)
    before = User.objects.count(), Cohort.objects.count()
    with pytest.raises(Refused) as refusal, translation.override("de"):
        seed_demo(AT)
    assert str(refusal.value) == (
        "In dieser Datenbank liegen echte Daten. Beispieldaten kommen nur in eine leere."
    )
    assert (User.objects.count(), Cohort.objects.count()) == before


def test_outside_the_embedded_default_the_demo_is_refused(settings: Any) -> None:
    settings.EMBEDDED = False
    with pytest.raises(Refused):
        seed_demo(AT)
    assert sign_in_names() == []
    assert current_codes() == []


def test_a_number_that_makes_no_sense_is_refused() -> None:
    for words in (("--mentees", "0"), ("--mentors", "many"), ("--workshops", "5001")):
        with pytest.raises(CommandError):
            call_command("seed_demo", *words)


# ── the data are in order ────────────────────────────────────────────────────
def test_every_invariant_holds_afterwards() -> None:
    assert breaches(AT) == []


def test_the_first_sweep_sends_only_what_is_open_and_nothing_of_the_past(
    settings: Any, tmp_path: Path, running: Cohort
) -> None:
    settings.MAIL_URL = tmp_path.as_uri()
    report = sweep(AT)
    assert report.ok
    assert not report.passed  # no deadline of the past is carried out
    assert not +report.planned  # every reminder that lies ahead was planned
    assert set(report.mails) == {MailStatus.SENT}
    assert breaches(AT) == []
    past = Cohort.objects.get(ends_on__lt=AT)
    sent = OutgoingMail.objects.filter(status=MailStatus.SENT)
    assert 10 < sent.count() < 40
    assert not sent.filter(cohort_id=past.pk).exists()
    for mail in sent:
        # what was decided long ago was told long ago
        assert mail.created_at > AT - timedelta(days=8), mail.kind
        assert mail.useful_until is None or mail.useful_until > AT
    # and a minute later nothing is left over
    assert not sweep(AT + timedelta(minutes=1)).mails


def test_nobody_in_it_can_be_written_to() -> None:
    for address in User.objects.values_list("email", flat=True):
        assert address.endswith(("@example.org", "@hochschule.example")), address


def test_those_to_sign_in_as_are_told_for_each_part() -> None:
    names = sign_in_names()
    assert len(names) == 5
    for address, _how in names:
        assert User.objects.filter(email=address).exists()
    [(address, code)] = current_codes()
    assert address == names[0][0]
    assert code.isdecimal()
    assert len(code) == 6


# ── something of everything ──────────────────────────────────────────────────
@pytest.mark.parametrize(
    "model", [Application, Mentee, Mentor, Tandem, Meeting, Workshop, Registration]
)
def test_every_state_occurs(model: type[StatefulModel]) -> None:
    found = set(model._default_manager.values_list("state", flat=True))
    assert found == set(model.TABLE.states) - PASSING.get(model, set())


def test_the_running_cohort_is_in_every_stage_of_its_life(running: Cohort) -> None:
    tandems = Tandem.objects.filter(cohort=running)
    assert set(tandems.values_list("state", flat=True)) == (
        set(Tandem.TABLE.states) - {"approved", "completed"}
    )
    asked = tandems.filter(state="mentor_asked")
    assert asked.filter(question_at__isnull=False).exists()
    meetings = Meeting.objects.filter(tandem__cohort=running)
    assert meetings.filter(disputed=True).exists()
    assert {one.waits_for for one in meetings.filter(state="proposed")} >= {"mentee", "mentor"}
    assert meetings.filter(state="scheduled", starts_at__gt=AT).exists()
    assert MatchingRun.objects.filter(cohort=running).count() == 2
    assert set(PairRule.objects.values_list("kind", flat=True)) >= {"pin", "teaches"}
    lines = Registration.objects.filter(workshop__cohort=running, state="waitlisted")
    assert lines.filter(workshop__sessions__starts_at__gt=AT).exists()


def test_the_open_window_holds_applications_at_every_step() -> None:
    coming = Cohort.objects.get(starts_on__gt=AT)
    mine = Application.objects.filter(cohort=coming)
    assert set(mine.values_list("state", flat=True)) == set(Application.TABLE.states) - {"draft"}
    talks = [one.talk_at for one in mine.filter(state="invited")]
    assert [talk for talk in talks if talk and talk > AT]
    assert [talk for talk in talks if talk and talk < AT]
    assert any(one.can_undo(AT) for one in mine.filter(state="withdrawn"))
    # and some about which the rules have something to say
    said = {found.rule for one in mine for found in findings(one) if found.outcome != "met"}
    assert said == {"semester", "semesters_left", "german"}


def test_the_desk_has_something_of_every_kind() -> None:
    katrin = User.objects.get(email__startswith="katrin.behrend")
    own = [*Cohort.objects.coordinated_by(katrin)]
    for source in SOURCES:
        assert source(own, AT), source.__module__
    desk = desk_of(katrin, AT)
    assert desk.urgent
    assert desk.rest
    assert len(desk.cards) == 2
    assert len(desk.past) == 1


# ── as a coordinator reads it ────────────────────────────────────────────────
def twice(texts: Any) -> list[str]:
    """What stands there more than once."""
    return [text for text, number in Counter(texts).items() if number > 1]


@pytest.mark.parametrize("field", ["motivation", "goals", "expectations", "words_for_mentor"])
def test_no_two_applicants_of_a_cohort_write_the_same(field: str) -> None:
    for cohort in Cohort.objects.all():
        mine = Application.objects.filter(cohort=cohort).exclude(**{field: ""})
        texts = list(mine.values_list(field, flat=True))
        assert texts
        assert not twice(texts)
        paragraphs = [part for text in texts for part in text.split("\n\n")]
        assert len(twice(paragraphs)) <= 3
        assert "{" not in "".join(texts)


def test_no_two_people_or_workshops_of_a_cohort_have_the_same_name() -> None:
    assert not twice(User.objects.exclude(name="").values_list("name", flat=True))
    for cohort in Cohort.objects.all():
        assert not twice(Workshop.objects.filter(cohort=cohort).values_list("title", flat=True))


def test_no_tandem_talks_twice_about_the_same() -> None:
    for tandem in Tandem.objects.prefetch_related("meetings"):
        assert not twice(one.agenda for one in tandem.meetings.all())


def test_mentors_differ_in_what_they_tell_of_themselves() -> None:
    mentors = Mentor.objects.exclude(state="prospect")
    assert not twice(mentors.values_list("about", flat=True))
    assert not twice(mentors.values_list("profession", flat=True))


def test_nothing_takes_place_on_a_holiday(running: Cohort) -> None:
    moments = [*Session.objects.values_list("starts_at", flat=True)]
    moments += Meeting.objects.filter(starts_at__isnull=False).values_list("starts_at", flat=True)
    for moment in moments:
        assert not days.is_closed(local(moment).date()), moment
    for cohort in Cohort.objects.all():
        for day in (cohort.kickoff_on, cohort.closing_on, cohort.talks_from, cohort.talks_until):
            assert not days.is_closed(day), day
    for talk in Application.objects.filter(talk_at__gt=AT).values_list("talk_at", flat=True):
        assert local(talk).weekday() < 5


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2026, 4, 5), (2027, 3, 28), (2028, 4, 16), (2038, 4, 25)]
)
def test_easter_is_where_the_calendar_has_it(year: int, month: int, day: int) -> None:
    easter = days.easter_of(year)
    assert (easter.year, easter.month, easter.day) == (year, month, day)


def test_what_the_programme_itself_says_is_there_in_german_and_english() -> None:
    """What people wrote stands in their own language; all else in both."""
    compared = 0
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields()}
        for german in sorted(name for name in names if name.endswith("_de")):
            english = german.removesuffix("_de") + "_en"
            assert english in names, f"{model._meta.label}.{german}"
            for de, en in model._default_manager.values_list(german, english):
                assert bool(de.strip()) == bool(en.strip()), (model._meta.label, de, en)
                compared += 1
    assert compared > 150
    organisation = Organisation.objects.get()
    assert organisation.name_de != organisation.name_en
    assert [one for one in apps.get_models() if issubclass(one, Vocabulary)]
