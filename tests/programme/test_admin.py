"""The programme on the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.audit.models import AuditEvent
from programme.models import (
    Cohort,
    CohortRole,
    ConsentNotice,
    Organisation,
    PageText,
)
from programme.vocabulary import ensure_vocabulary
from tests import factories as make
from tests.opened import opened

pytestmark = pytest.mark.django_db
BASE = "/admin/programme/"


@pytest.fixture
def desk(staff_client: Callable[[Any], Client]) -> Client:
    return staff_client(make.coordinator())


def _cohort(**values: str) -> dict[str, str]:
    return {
        "name": "2027/28",
        "starts_on": "2027-10-01",
        "ends_on": "2028-07-31",
        "applications_open_at_0": "2027-07-01",
        "applications_open_at_1": "08:00",
        "applications_close_at_0": "2027-09-13",
        "applications_close_at_1": "23:59",
        "places": "25",
        "meetings_a_month": "1",
        "semesters_left": "2",
        "workshop_hours": "80",
        "credit_points": "4",
        "credit_share": "50",
        "workload_hours": "120",
        "decision_days": "28",
        "mentee_answer_days": "7",
        "approval_days": "7",
        "mentor_answer_days": "10",
        "date_answer_days": "5",
        "undo_hours": "72",
        "roles-TOTAL_FORMS": "0",
        "roles-INITIAL_FORMS": "0",
        **values,
    }


def _roles(cohort: Cohort, *, without: str = "", more: Any = None) -> dict[str, str]:
    roles = list(cohort.roles.order_by("pk"))
    data = {"roles-TOTAL_FORMS": str(len(roles) + 1), "roles-INITIAL_FORMS": str(len(roles))}
    for number, role in enumerate(roles):
        data[f"roles-{number}-id"] = str(role.pk)
        data[f"roles-{number}-cohort"] = str(cohort.pk)
        if str(role.user_id) == without:
            data[f"roles-{number}-DELETE"] = "on"
    data[f"roles-{len(roles)}-cohort"] = str(cohort.pk)
    if more is not None:
        data[f"roles-{len(roles)}-user"] = str(more.pk)
    return data


MODELS = (
    "organisation",
    "cohort",
    "subjectgroup",
    "studysubject",
    "degree",
    "careerfield",
    "topic",
    "instrument",
    "workinglanguage",
    "pagetext",
    "consentnotice",
)


@pytest.mark.parametrize("model", MODELS)
def test_every_list_and_form_opens(model: str, desk: Client) -> None:
    make.organisation()
    ensure_vocabulary()
    assert desk.get(f"{BASE}{model}/").status_code == 200
    expected = 403 if model == "organisation" else 200  # there is one organisation
    assert desk.get(f"{BASE}{model}/add/").status_code == expected


def test_a_coordinator_enters_a_cohort_and_coordinates_it(desk: Client) -> None:
    assert desk.post(f"{BASE}cohort/add/", _cohort()).status_code == 302
    cohort = Cohort.objects.get(name="2027/28")
    assert cohort.roles.count() == 1
    assert desk.get(f"{BASE}cohort/{cohort.pk}/change/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ends_on", "2027-09-01"),
        ("applications_close_at_0", "2027-06-01"),
        ("kickoff_on", "2029-01-01"),
    ],
)
def test_dates_in_an_impossible_order_are_refused_beside_the_field(
    desk: Client, field: str, value: str
) -> None:
    page = desk.post(f"{BASE}cohort/add/", _cohort(**{field: value}))
    assert page.status_code == 200
    assert set(page.context["adminform"].form.errors) == {field.removesuffix("_0")}


def test_a1_a_foreign_cohort_is_not_there(desk: Client) -> None:
    foreign = make.cohort("2030/31")
    assert desk.get(f"{BASE}cohort/{foreign.pk}/change/").status_code == 404
    assert "2030/31" not in desk.get(f"{BASE}cohort/").content.decode()


def test_coordinators_read_roles_and_change_none(desk: Client) -> None:
    cohort = Cohort.objects.get()
    colleague = make.person(is_staff=True)
    desk.post(
        f"{BASE}cohort/{cohort.pk}/change/",
        {**_cohort(name=cohort.name), **_roles(cohort, more=colleague)},
    )
    assert cohort.roles.count() == 1


def test_a_technical_administrator_assigns_and_dismisses(
    staff_client: Callable[[Any], Client],
) -> None:
    admin = staff_client(make.person(is_staff=True, is_superuser=True))
    first = make.coordinator()
    cohort, second = Cohort.objects.get(), make.person(is_staff=True)
    url = f"{BASE}cohort/{cohort.pk}/change/"
    form = opened(admin, url) | _cohort(name=cohort.name)
    assert admin.post(url, {**form, **_roles(cohort, more=second)}).status_code == 302
    assert cohort.roles.count() == 2
    form |= opened(admin, url)
    admin.post(url, {**form, **_roles(cohort, without=str(first.pk))})
    assert CohortRole.objects.get().user == second
    form |= opened(admin, url)
    page = admin.post(url, {**form, **_roles(cohort, without=str(second.pk))})
    assert page.status_code == 200
    assert CohortRole.objects.get().user == second


def test_the_office_is_told_by_its_address(staff_client: Callable[[Any], Client]) -> None:
    admin = staff_client(make.person(is_staff=True, is_superuser=True))
    data = {
        "name_de": "Hochschule",
        "office_email": "Buero@hochschule.example",
        "drawn": "built_in",
    }
    assert admin.post(f"{BASE}organisation/add/", data).status_code == 302
    organisation = Organisation.objects.get()
    assert organisation.office_email == "buero@hochschule.example"
    assert not organisation.office.has_usable_password()
    data["office_email"] = "neu@hochschule.example"
    url = f"{BASE}organisation/1/change/"
    admin.post(url, opened(admin, url) | data)
    assert Organisation.objects.get().office_email == "neu@hochschule.example"


def test_a_word_keeps_its_code(desk: Client) -> None:
    field = make.career_field("orchestra")
    url = f"{BASE}careerfield/{field.pk}/change/"
    word = {"name_de": "Klangkörper", "name_en": "Band", "code": "x", "position": "1"}
    desk.post(url, opened(desk, url) | word)
    field.refresh_from_db()
    assert (field.name_de, field.code, field.offered) == ("Klangkörper", "orchestra", False)
    assert AuditEvent.objects.of(field).get().verb == "change"


def test_a_page_text_begins_with_our_words(desk: Client) -> None:
    page = desk.get(f"{BASE}pagetext/add/?page=imprint")
    assert "{represented_by}" in page.content.decode()
    assert "add/?page=imprint" in desk.get(f"{BASE}pagetext/").content.decode()


def test_a_page_text_is_written_without_html_and_with_known_facts(desk: Client) -> None:
    data = {
        "page": "imprint",
        "title_de": "Impressum",
        "title_en": "Imprint",
        "body_de": "Wir haben {plaetze}.",
        "body_en": "We have {places}.",
    }
    page = desk.post(f"{BASE}pagetext/add/", data)
    assert set(page.context["adminform"].form.errors) == {"body_de"}
    data["body_de"] = "Wir haben {places} Plätze."
    assert desk.post(f"{BASE}pagetext/add/", data).status_code == 302
    text = PageText.objects.get()
    assert "add/?page=imprint" not in desk.get(f"{BASE}pagetext/").content.decode()
    page = f"{BASE}pagetext/{text.pk}/delete/"
    desk.post(page, opened(desk, page))
    assert not PageText.objects.exists()


def test_a_notice_in_use_is_read_only(desk: Client, now: datetime) -> None:
    notice = make.notice("mentor")
    page = desk.get(f"{BASE}consentnotice/{notice.pk}/change/")
    assert page.status_code == 200
    assert 'name="text_de"' not in page.content.decode()
    desk.post(f"{BASE}consentnotice/{notice.pk}/change/", {"text_de": "anders"})
    notice.refresh_from_db()
    assert notice.text_de == "Hinweis"


def test_a_new_version_of_a_notice_is_entered(desk: Client, now: datetime) -> None:
    day = now + timedelta(days=400)
    data = {
        "purpose": "mentor",
        "version": "2",
        "valid_from_0": day.strftime("%Y-%m-%d"),
        "valid_from_1": "00:00",
        "text_de": "neu",
        "text_en": "new",
    }
    assert desk.post(f"{BASE}consentnotice/add/", data).status_code == 302
    assert ConsentNotice.objects.get().version == "2"


def test_nothing_of_the_programme_is_deleted(desk: Client) -> None:
    cohort = Cohort.objects.get()
    field = make.career_field("orchestra")
    for path in (f"cohort/{cohort.pk}", f"careerfield/{field.pk}"):
        assert desk.post(f"{BASE}{path}/delete/", {"post": "yes"}).status_code == 403


def test_what_a_cohort_asks_for_is_explained_where_it_is_set(desk: Client) -> None:
    page = desk.get(f"{BASE}cohort/add/").content.decode()
    for words in (
        "Wer mindestens diesen Teil der Workshop-Stunden besucht",
        "wenn beide der schriftlichen Vereinbarung zugestimmt haben",
        "Stehen auf der Startseite und über dem Bewerbungsformular.",
    ):
        assert words in page


@pytest.mark.parametrize("field", ["mentor_answer_days", "date_answer_days"])
def test_l5_nobody_has_longer_to_answer_than_a_link_is_open(desk: Client, field: str) -> None:
    page = desk.post(f"{BASE}cohort/add/", _cohort(**{field: "61"}))
    assert page.status_code == 200
    assert field in page.context["adminform"].form.errors
    assert desk.post(f"{BASE}cohort/add/", _cohort(**{field: "60"})).status_code == 302


def test_c10_a_text_that_was_changed_meanwhile_is_not_taken_away_unseen(desk: Client) -> None:
    text = PageText.objects.create(
        page="start", title_de="Anfang", title_en="Start", body_de="Alt.", body_en="Old."
    )
    page = f"{BASE}pagetext/{text.pk}/delete/"
    sent = opened(desk, page)
    PageText.objects.filter(pk=text.pk).update(body_de="Von Katrin.")
    for tried in ({"post": "yes"}, sent):  # without what the page showed it is not known either
        answer = desk.post(page, tried)
        assert answer.status_code == 400
        assert "Von Katrin." in answer.content.decode()
        assert PageText.objects.filter(pk=text.pk).exists()
    said = answer.content.decode().split('role="alert"')[1].split("</div>")[0]
    assert "Alt." in said
    assert "Von Katrin." in said
    assert "Anfang" not in said
    assert desk.post(page, opened(desk, page)).status_code == 302
    assert not PageText.objects.filter(pk=text.pk).exists()
