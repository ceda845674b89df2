"""Promise A7: a record that coordinators share has no power over a person.

A coordinator of one cohort does what they can with somebody's address, by every form, verb, link and command
that carries one: no account of anybody else changes in any field, and nothing more of it can be read than
before. Whether somebody is known by an address looks the same on every page of the desk (promise P3).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.contrib.admin import site
from django.core.management import call_command, get_commands, load_command_class
from django.test import Client

import mentoring
from accounts import authority
from accounts.models import User
from core.audit import Actor
from core.errors import RuleViolation
from core.forms import AddressField
from core.links.models import ActionLink
from core.links.purposes import link_purposes
from mentees import questions
from mentees.forms import ApplicationForm
from mentoring import PACKAGES
from mentoring.desk.people import seen_by
from mentors import actions as mentors
from mentors.actions import profile
from mentors.models import Criterion, Mentor
from tests import factories as make
from tests.conftest import NOW
from tests.mentees.helpers import posted, vocabulary

pytestmark = pytest.mark.django_db
FIELDS = (
    "email", "new_email", "name", "salutation", "language", "phone", "password", "is_staff", "is_superuser",
    "is_active",
)  # fmt: skip


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests happen at NOW."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


# ── whose address it is ──────────────────────────────────────────────────────
def superuser() -> User:
    return _person(is_staff=True, is_superuser=True)


def colleague() -> User:
    user = make.coordinator(make.cohort("2027/28"))
    return _person(user)


def of_another_cohort() -> User:
    return _person(make.mentee(of=make.cohort("2027/28")).user)


def of_own_cohort() -> User:
    return _person(make.mentee(of=make.cohort()).user)


def unknown() -> User | None:
    return None


def _person(user: User | None = None, **values: Any) -> User:
    found = user or make.person(**values)
    found.name, found.salutation, found.phone = "Geheim Geheimer", "Frau Geheim", "+49 999 777"
    found.language = "en"
    found.save()
    return found


WHO = (superuser, colleague, of_another_cohort, of_own_cohort, unknown)


# ── what is done with it ─────────────────────────────────────────────────────
class Attack:
    """A coordinator of the usual cohort with somebody's address; ``read`` is every page they saw."""

    def __init__(self, desk: Client, by: User, email: str) -> None:
        self.desk, self.by, self.email = desk, by, email
        self.read: list[str] = []

    def get(self, url: str) -> str:
        text = self.desk.get(url, follow=True).content.decode()
        self.read.append(text)
        return text

    def post(self, url: str, data: dict[str, Any]) -> Any:
        page = self.desk.get(url, follow=True)
        shown = re.findall(
            r'<input type="hidden" name="(initial-[^"]+)" value="([^"]*)"', page.content.decode()
        )
        answer = self.desk.post(url, {**dict(shown), **data}, follow=True)
        self.read += [page.content.decode(), answer.content.decode()]
        return answer

    def mine(self) -> Actor:
        return make.by(self.by)


PROFILE = {
    "name": "Entered", "profession": "Hornistin", "language": "de", "capacity": "1",
    "salutation": "Entered", "phone": "0341 1",
}  # fmt: skip


def entered_as_a_mentor(attack: Attack) -> None:
    """Entered, made active on the office's word alone, changed in every field, and looked at."""
    make.notice("mentor")
    attack.post("/admin/mentors/mentor/add/", {**PROFILE, "email": attack.email})
    mentor = Mentor.objects.get()
    page = f"/admin/mentors/mentor/{mentor.pk}"
    for verb in ("contact", "review", "ask-for-consent"):
        attack.get(f"{page}/do/{verb}/")
        attack.post(f"{page}/do/{verb}/", {})
    for number in Criterion.values:
        mentors.check_criterion(
            mentor, criterion=number, verdict="met", evidence="bekannt", by=attack.mine(), now=NOW
        )
    attack.post(f"{page}/do/record-consent/", {"how": "Brief"})
    attack.get(f"{page}/do/activate/")
    attack.post(f"{page}/do/activate/", {})
    mentor.refresh_from_db()
    assert mentor.state == "active"
    changed = {"name": "Changed", "salutation": "Changed", "phone": "0341 2", "language": "de"}
    attack.post(f"{page}/change/", {**PROFILE, **changed, "email": attack.email})
    with suppress(RuleViolation):  # and past the form
        values = {**changed, "email": attack.email}
        mentors.change_mentor(mentor, by=attack.mine(), now=NOW, values=values)
    attack.get(f"{page}/change/")
    for verb in ("pause", "retire"):
        attack.post(f"{page}/do/{verb}/", {"reason": "office"})


def address_of_a_record(attack: Attack) -> None:
    """A mentor nobody has confirmed, and one who has, are given the address; the first another one again."""
    first = make.mentor("prospect", confirmed_at=None, email="erste@example.org")
    second = make.mentor("active", name="Zwei")
    for mentor in (first, second):
        page = f"/admin/mentors/mentor/{mentor.pk}/change/"
        attack.post(page, {**PROFILE, "name": mentor.name, "email": attack.email})
        mentor.refresh_from_db()
        with suppress(RuleViolation):  # and past the form
            email = {"email": attack.email}
            mentors.change_mentor(mentor, by=attack.mine(), now=NOW, values=email)
        attack.get(page)
        Mentor.objects.filter(pk=mentor.pk, confirmed_at=None).update(user=None, email="")


def address_of_a_person(attack: Attack) -> None:
    """Somebody of the own cohort is given the address on their own page."""
    victim = make.mentee(of=make.cohort()).user
    attack.post(f"/admin/accounts/user/{victim.pk}/do/change-address/", {"email": attack.email})
    attack.get(f"/admin/accounts/user/{victim.pk}/change/")


def own_address(attack: Attack) -> None:
    """A mentee gives the address as their new one."""
    person = make.mentee(of=make.cohort()).user
    client = Client()
    client.force_login(person)
    client.post("/me/address/", {"email": attack.email, "change-address": ""})
    attack.read.append(client.get("/me/address/").content.decode())


def wrote_to_join(attack: Attack) -> None:
    """Anybody writes by the public form; the coordinator opens what comes of it."""
    form = {
        "name": "Entered", "email": attack.email, "profession": "P", "motivation": "M",
        "form_id": str(uuid.uuid4()),
    }  # fmt: skip
    assert Client().post("/mentors/join/", form).status_code == 302
    attack.get(f"/admin/mentors/mentor/{Mentor.objects.get().pk}/change/")


def applied(attack: Attack) -> None:
    """Anybody applies to the cohort with the address; nobody confirms."""
    vocabulary()
    data = posted(attack.email, name="Entered", salutation="Entered")
    assert Client().post("/apply/", data).status_code == 302
    attack.get("/admin/mentees/application/")


def wrote_to_the_office(attack: Attack) -> None:
    """The contact form."""
    form = {"name": "N", "email": attack.email, "message": "M", "form_id": str(uuid.uuid4())}
    Client().post("/contact/", form)


def asked_for_a_code(attack: Attack) -> None:
    """The sign-in, without reading the mailbox."""
    Client().post("/account/login/code/", {"email": attack.email})


def entered_as_the_office(attack: Attack) -> None:
    """The organisation's postbox."""
    make.organisation()
    page = "/admin/programme/organisation/1/change/"
    attack.post(page, {"name_de": "H", "office_email": attack.email, "signed_by": "K"})
    attack.get("/contact/")


def by_links(attack: Attack) -> None:
    """A new address that somebody else has is confirmed by its link; the other mailbox stops nothing else."""
    from accounts import actions

    person = make.mentee(of=make.cohort()).user
    actions.ask_for_address(person, email=attack.email, by=make.by(person, "mentee"), now=NOW)
    link = ActionLink.objects.about("confirm-address", person).live().get()
    if User.objects.filter(email=attack.email).exists():
        with pytest.raises(RuleViolation):
            actions.confirm_address(link, now=NOW)


def invited(attack: Attack) -> None:
    """The command that begins a staff account greets who is known by their own name."""
    call_command("invite_coordinator", attack.email, "--name", "Entered", stdout=StringIO())


def closed(attack: Attack) -> None:
    """The command that closes an account."""
    if User.objects.filter(email=attack.email).exists():
        call_command("close_account", attack.email, stdout=StringIO())


# way → the forms, functions, link purposes and commands it goes by; what a command on the server may change
WAYS: dict[Callable[[Attack], None], set[str]] = {
    entered_as_a_mentor: {"MentorForm", "enter_mentor", "mentor-consent"},
    address_of_a_record: {"MentorForm"},
    address_of_a_person: {"NewAddressForm", "ask_for_address"},
    own_address: {"NewAddressForm"},
    wrote_to_join: {"JoinForm", "note_interest_by_form"},
    applied: {"ApplicationForm", "send_application", "confirm-application"},
    wrote_to_the_office: {"ContactForm", "send_message"},
    entered_as_the_office: {"OrganisationForm", "save_organisation"},
    asked_for_a_code: {"AddressForm"},
    by_links: {"confirm-address", "stop-address"},
    invited: {"invite_coordinator", "invite_staff", "staff-invitation"},
    closed: {"close_account"},
}
ON_THE_SERVER = {
    invited: {"is_staff", "is_active"},
    closed: {"is_active", "is_staff", "is_superuser"},
}
# links that lead to a decision about a tandem or a meeting
CARRY_NONE = {"tandem-invitation", "pick-date"}


def state_of(person: User) -> dict[str, Any]:
    return dict(User.objects.filter(pk=person.pk).values(*FIELDS)[0])


def power(by: User, person: User) -> tuple[bool, bool]:
    return seen_by(by).filter(pk=person.pk).exists(), authority.may_change(person, make.by(by))


def carry_out(way: Callable[[Attack], None], attack: Attack) -> None:
    """Raises AssertionError where the way changed or opened the account."""
    person = User.objects.filter(email=attack.email).first()
    before = (state_of(person), power(attack.by, person)) if person else None
    way(attack)
    attack.get("/admin/accounts/user/")
    attack.get("/admin/mentors/mentor/")
    attack.get("/admin/outbox/outgoingmail/")
    attack.get("/admin/outbox/outgoingmail/?q=Geheim")
    attack.get("/admin/")
    found = User.objects.filter(email=attack.email).first()
    if person is None:
        if found is not None and way not in ON_THE_SERVER:
            assert power(attack.by, found) == (False, False), way.__name__
        return
    assert found is not None
    after = state_of(found)
    changed = {name for name in FIELDS if after[name] != before[0][name]}  # type: ignore[index]
    assert changed <= ON_THE_SERVER.get(way, set()), (way.__name__, changed)
    new = [now and not then for now, then in zip(power(attack.by, found), before[1], strict=True)]  # type: ignore[index]
    assert not any(new), way.__name__
    if not before[1][0]:  # type: ignore[index]
        for page in attack.read:
            for secret in ("Geheim Geheimer", "Frau Geheim", "999 777"):
                shown = page.replace('value="Geheim"', "")
                assert secret not in shown, (way.__name__, secret)


@pytest.fixture
def attacker() -> User:
    return make.coordinator(make.cohort())


@pytest.mark.parametrize("who", WHO, ids=lambda one: one.__name__)
@pytest.mark.parametrize("way", WAYS, ids=lambda one: one.__name__)
def test_a7_no_way_changes_or_opens_somebody_elses_account(
    way: Any, who: Any, staff_client: Any, attacker: User
) -> None:
    make.organisation()
    person = who()
    email = person.email if person else "unbekannt@example.org"
    attack = Attack(staff_client(attacker), attacker, email)
    carry_out(way, attack)


def test_a7_a_preview_names_oneself_and_whom_one_may_see() -> None:
    mine, alone = make.coordinator(make.cohort()), make.person(is_staff=True)
    mentee, stranger = make.mentee(of=make.cohort()).user, make.person()
    people = {mine.pk, alone.pk, mentee.pk, stranger.pk}
    page = site.get_model_admin(User)
    assert page._known(mine, people) == {mine.pk, mentee.pk}  # type: ignore[attr-defined]
    assert page._known(alone, people) == {alone.pk}  # type: ignore[attr-defined]


@pytest.mark.parametrize("way", [entered_as_a_mentor, wrote_to_join])
def test_p3_the_desk_looks_the_same_whoever_is_known_by_an_address(
    way: Any, staff_client: Any, attacker: User
) -> None:
    pages = []
    for email in ("ein.fremder@example.org", "ein.anderer@example.org"):
        if not pages:
            _person(make.person(email=email))
        attack = Attack(staff_client(attacker), attacker, email)
        way(attack)
        attack.get("/admin/accounts/user/")
        attack.get("/admin/outbox/outgoingmail/?q=Entered")
        pages.append([told(page, email) for page in attack.read])
        Mentor.objects.all().delete()
        apps.get_model("outbox", "OutgoingMail").objects.all().delete()
    for known, new in zip(*pages, strict=True):
        assert known == new


def told(page: str, email: str) -> str:
    """A page without what differs from one object to the next."""
    page = page.split("<main", 1)[-1].replace(email, "ADDRESS")
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "KEY", page)
    page = re.sub(r'name="(?:csrfmiddlewaretoken|form-seal)" value="[^"]+"', "TOKEN", page)
    return re.sub(r'value="[^"]{40,}"', "SEALED", page)


@pytest.mark.parametrize("guard", ["authority", "confirmation"])
def test_a7_the_table_finds_a_guard_that_is_taken_away(
    guard: str, staff_client: Any, attacker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without either guard, entering somebody as a mentor has power over their account."""
    give = profile._give_address

    def unguarded(mentor: Mentor, email: str, *, now: Any) -> None:
        give(mentor, email, now=now)
        if guard == "confirmation":
            mentor.confirmed_at = now
        else:
            mentor.made_account = True

    monkeypatch.setattr(profile, "_give_address", unguarded)
    monkeypatch.setattr(authority, "is_unclaimed", lambda person: True)
    person = of_another_cohort()
    attack = Attack(staff_client(attacker), attacker, person.email)
    with pytest.raises(AssertionError):
        carry_out(entered_as_a_mentor, attack)


# ── the table is whole ───────────────────────────────────────────────────────
def modules() -> Iterator[Any]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        for one in pkgutil.walk_packages(package.__path__, f"{name}."):
            if re.search(r"\.(forms|programme_forms|actions|links)(\.|$)", one.name):
                yield importlib.import_module(one.name)


def carriers() -> set[str]:
    """Every form class with a field for an address, every action with a parameter for one, every purpose of
    a link, and every command of ours that is given one."""
    found = set(link_purposes)
    for module in modules():
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", "") != module.__name__:
                continue
            if isinstance(thing, type) and issubclass(thing, forms.BaseForm):
                fields = [*getattr(thing, "base_fields", {}).values()]
                if issubclass(thing, ApplicationForm):
                    fields += [one.field for one in questions.every() if thing.asks(one)]
                if any(isinstance(one, AddressField | forms.EmailField) for one in fields):
                    found.add(name)
            elif ".actions" in module.__name__ and inspect.isfunction(thing) and name[0] != "_":
                typed = set(inspect.signature(thing).parameters)
                if typed & {"email", "office_email", "application_data"} and name != "revise":
                    found.add(name)
    for name, app in get_commands().items():
        if isinstance(app, str) and app.split(".")[0] in PACKAGES:
            parser = load_command_class(app, name).create_parser("manage.py", name)
            if any("email" in action.dest for action in parser._actions):
                found.add(name)
    return found


def test_a7_every_carrier_of_an_address_is_in_the_table() -> None:
    listed = set().union(*WAYS.values()) | CARRY_NONE
    assert mentoring
    assert carriers() == listed
