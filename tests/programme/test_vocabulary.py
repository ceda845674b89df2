"""The words a programme begins with."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from programme.consents import current_notice
from programme.models import (
    CareerField,
    ConsentNotice,
    Degree,
    StudySubject,
    SubjectGroup,
    Topic,
)
from programme.vocabulary import ensure_vocabulary
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_vocabulary_is_entered_once_and_left_alone_after_that() -> None:
    assert ensure_vocabulary() > 150
    CareerField.objects.filter(code="orchestra").update(name_de="Klangkörper", offered=False)
    assert ensure_vocabulary() == 0
    orchestra = CareerField.objects.get(code="orchestra")
    assert (orchestra.name_de, orchestra.offered) == ("Klangkörper", False)


def test_there_are_twelve_departments_each_with_a_subject() -> None:
    ensure_vocabulary()
    assert SubjectGroup.objects.count() == 12
    assert SubjectGroup.objects.exclude(studysubject__isnull=False).count() == 0


def test_who_has_an_offer_of_their_own_may_not_apply() -> None:
    ensure_vocabulary()
    assert [one.name_de for one in StudySubject.objects.filter(may_apply=False)] == ["Schauspiel"]
    assert {one.name_de for one in Degree.objects.filter(may_apply=False)} == {
        "Lehramt",
        "Doppelfach",
        "Erasmus",
    }
    assert Degree.objects.get(code="bachelor").recommended_from == 5


def test_every_word_has_a_german_and_an_english_name() -> None:
    ensure_vocabulary()
    for model in (SubjectGroup, StudySubject, Degree, CareerField, Topic):
        assert not model._default_manager.filter(name_de="").exists()
        assert not model._default_manager.filter(name_en="").exists()


def test_what_is_there_with_another_name_is_kept() -> None:
    make.subject("violoncello", group="strings")
    ensure_vocabulary()
    assert StudySubject.objects.get(code="violoncello").name_de == "Violoncello"
    assert SubjectGroup.objects.filter(code="strings").count() == 1


def test_each_purpose_has_a_notice_in_both_languages() -> None:
    ensure_vocabulary()
    for purpose in ("application", "mentor"):
        notice = current_notice(purpose, make.NOW)
        assert len(notice.text_de) > 500
        assert len(notice.text_en) > 500


def test_a_notice_of_the_coordinators_is_not_joined_by_ours() -> None:
    own = make.notice("mentor")
    ensure_vocabulary()
    assert ConsentNotice.objects.filter(purpose="mentor").get() == own


def test_the_command_says_how_many_are_new(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_vocabulary")
    call_command("load_vocabulary")
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 entries")
