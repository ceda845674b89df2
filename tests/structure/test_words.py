"""How the site speaks: what is said after a verb, in the history and of every model, and the rules that
German spelling sets for every sentence of the catalogue, the letters and the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django.contrib.admin
import polib
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import models
from django.test import Client
from django.utils import translation

from backoffice.history import COMMON_VERBS, field_label
from core.states import StatefulModel
from tests import factories as make
from workshops.models import Workshop

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"


def both(text: Any) -> tuple[str, str]:
    """A lazy text in German and in English."""
    with translation.override("de"):
        german = str(text)
    with translation.override("en"):
        return german, str(text)


def german_sentences() -> Iterator[tuple[str, str]]:
    """Every German text and where it stands: the catalogue, the letters, the pages and the notices."""
    for entry in polib.pofile(str(CATALOGUE)):
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            yield entry.msgid, text
    for path in sorted((ROOT / "templates").rglob("*.de.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{path.relative_to(ROOT)}:{number}", line


# ── after a verb ─────────────────────────────────────────────────────────────
def test_every_verb_of_the_desk_says_what_has_happened_and_to_whom() -> None:
    offered = [
        (type(page).__name__, verb, one)
        for page in admin.site._registry.values()
        for verb, one in getattr(page, "object_actions", {}).items()
    ]
    assert len(offered) > 25
    labels = {both(move.label)[0] for table in tables() for move in table.TABLE.moves.values()}
    for page, verb, one in offered:
        german, english = both(one.done)
        for said in (german, english):
            assert "%(object)s" in said, (page, verb)
            assert said.endswith("."), (page, verb)
        assert german != english, (page, verb)
        assert german.split(".")[0] not in labels, (
            page,
            verb,
        )  # no command: a sentence in the past


@pytest.mark.django_db
def test_after_an_invitation_the_desk_says_that_it_is_sent(
    staff_client: Any, time_machine: Any
) -> None:
    desk: Client = staff_client(make.coordinator())
    application = make.application("submitted")
    time_machine.move_to(make.NOW)
    page = desk.post(
        f"/admin/mentees/application/{application.pk}/do/invite/",
        {"talk_at_0": "2026-09-22", "talk_at_1": "10:30", "talk_place": "214"},
        follow=True,
    )
    expected = f"Einladung verschickt. {application.name} ist zum Gespräch eingeladen."
    assert expected in page.content.decode()


# ── in the history ───────────────────────────────────────────────────────────
def tables() -> list[type[StatefulModel]]:
    """Every model with a state table."""
    return [model for model in apps.get_models() if issubclass(model, StatefulModel)]


def test_the_history_is_told_in_one_tense() -> None:
    told = [(type(None).__name__, verb, label) for verb, label in COMMON_VERBS.items()]
    for model in apps.get_models():
        told += [(model.__name__, *one) for one in getattr(model, "AUDIT_LABELS", {}).items()]
    for stateful in tables():
        told += [(stateful.__name__, verb, one.past) for verb, one in stateful.TABLE.moves.items()]
    assert len(told) > 70
    for model_name, verb, label in told:
        german, english = both(label)
        assert german.startswith("hat "), (model_name, verb, german)
        assert german != english, (model_name, verb)


# ── of every model ───────────────────────────────────────────────────────────
GENDERED = re.compile(r"\b([EeSs](s|r|ie) kann|[Ee]in(en|e)? [Ww]eitere[rns]?|[Ww]eiteres %)\b")


def test_the_history_names_what_belongs_to_a_record_in_words() -> None:
    """A change of a workshop's dates is recorded under the name of the relation."""
    with translation.override("de"):
        assert field_label("sessions", Workshop) == "Termine"
        assert field_label("title", Workshop) == "Titel"


def test_no_message_of_the_desk_knows_the_gender_of_one_noun_alone() -> None:
    """Django's German says “Es kann …” and “ein Weiteres” of every model; ours fits Durchgang, Einrichtung
    and Berufsfeld alike."""
    ours = {entry.msgid: entry for entry in polib.pofile(str(CATALOGUE))}
    folder = Path(django.contrib.admin.__file__).parent / "locale" / "de" / "LC_MESSAGES"
    djangos = [
        entry.msgid
        for entry in polib.pofile(str(folder / "django.po"))
        if GENDERED.search(entry.msgstr)
    ]
    assert len(djangos) >= 2  # the control: Django does say so
    for msgid in djangos:
        assert msgid in ours, msgid
        assert not GENDERED.search(ours[msgid].msgstr), msgid


def _new(model: Any) -> Any:
    """An object as it is after saving, with every moment filled in."""
    new = model(pk=model._meta.pk.get_default() or 1)
    for one in model._meta.fields:
        if isinstance(one, models.DateTimeField) and getattr(new, one.attname) is None:
            setattr(new, one.attname, make.NOW)
    return new


@pytest.mark.django_db
def test_what_is_said_after_adding_fits_every_model(rf: Any) -> None:
    """Of every model that can be added: after “save and stay” and after “save and add another”."""
    person = make.coordinator()
    person.is_superuser = True
    person.save()
    said = {}
    for model, page in admin.site._registry.items():
        if not getattr(page, "may_add", False) or issubclass(model, StatefulModel):
            continue
        for button in ("_continue", "_addanother"):
            request = rf.post("/", {button: "1"})
            request.user, request.session, request.now = person, {}, make.NOW
            request._messages = FallbackStorage(request)
            with translation.override("de"):
                page.response_add(request, _new(model))
            said[model.__name__, button] = " ".join(map(str, request._messages))
    assert len(said) > 10
    for where, sentence in said.items():
        assert "ist eingetragen." in sentence, where
        assert not GENDERED.search(sentence), (where, sentence)


# ── what Duden says ──────────────────────────────────────────────────────────
# A full sentence after a colon begins with a capital letter; a clause, a list or a single word does not.
BEGINS = [
    "der",
    "die",
    "das",
    "ein",
    "eine",
    "wir",
    "er",
    "es",
    "man",
    "jede",
    "jeder",
    "niemand",
    "jemand",
    "alle",
    "bitte",
]
VERBS = [
    "ist",
    "sind",
    "hat",
    "haben",
    "wird",
    "werden",
    "kann",
    "können",
    "gibt",
    "geht",
    "rückt",
    "kostet",
    "wartet",
    "warten",
    "lässt",
    "bekommt",
    "dürfen",
    "darf",
    "möchten",
    "müssen",
]
SENTENCE = re.compile(
    rf"\S: (?:(?:{'|'.join(BEGINS)})\b[^.:,;]*\b(?:{'|'.join(VERBS)})\b"
    rf"|(?:bitte|{'|'.join(VERBS)}) \w)"
)


def small_after_colon(text: str) -> bool:
    """Whether a full sentence begins with a small letter after a colon."""
    return bool(SENTENCE.search(text))


def test_a_sentence_after_a_colon_begins_with_a_capital() -> None:
    for wrong in (
        "Ihre Einwilligung für das Netzwerk: dürfen wir Ihre Angaben aufnehmen?",
        "Gleichwertig: der Tausch kostet nichts.",
        "%(title)s: eine Person wartet",
        "Das geht nicht: bitte warten Sie.",
    ):
        assert small_after_colon(wrong), wrong
    for right in (
        "Zwei Farben und eine Schmuckfarbe: der Einsatz. Das Haus ist hell.",
        "Der Einsatz: was diese Person als Nächstes tut",
        "Form der Treffen: egal",
    ):
        assert not small_after_colon(right), right
    assert [where for where, text in german_sentences() if small_after_colon(text)] == []


def test_a_greeting_and_a_weekday_carry_their_commas_where_german_has_them() -> None:
    """“Guten Tag Hana Sato,” and “Dienstag, 8. Dezember”."""
    weekday = re.compile(r"(Mon|Diens|Mitt|Donners|Frei|Sams|Sonn)(tag|woch) \{?\d")
    for where, text in german_sentences():
        assert "Guten Tag, {" not in text, where
        assert not weekday.search(text), where


def small_words_after_the_greeting() -> list[str]:
    """Letters that go on with a capital after “Guten Tag …,”: only a noun, a name or “Sie” has one there."""
    found = []
    for path in sorted((ROOT / "templates").rglob("mail/*.de.txt")):
        greeted = False
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("Guten Tag"):
                greeted = line.endswith(",")
                continue
            if not greeted or not line:
                continue
            condition, text = re.match(r"(\?\S+ )?(.*)", line).groups()  # type: ignore[union-attr]
            if re.match(r"[|>~#-]", text):
                break  # a table, a link or a heading: no sentence that could go on
            if not re.match(r"Sie\b|Ihr\w*\b|[a-zäöü„{]", text):
                found.append(f"{path.relative_to(ROOT)}: {text[:40]}")
            if not condition:
                break
    return found


def test_a_letter_goes_on_with_a_small_letter_after_the_greeting() -> None:
    assert small_words_after_the_greeting() == []


def test_one_word_for_the_office_and_one_for_the_password() -> None:
    words = re.compile(
        r"Büro\b|Kennw[oö]rt|\bsie oder er\b|\ber oder sie\b|\bsie oder ihn\b|\*innen|:innen|/-?in\b"
    )
    allowed = {"vom Bühnenrand bis zum Büro", "von der Bühne bis zum Büro dahinter"}
    found = [
        (where, text)
        for where, text in german_sentences()
        if words.search(text) and not any(one in text for one in allowed)
    ]
    assert found == []


# ── numbers ──────────────────────────────────────────────────────────────────
# A noun right after a number follows it: such a sentence has a plural of its own (ngettext), or it is turned
# so that the number stands alone (“Belegte Plätze: 1 von 2”).
COUNTED = re.compile(
    r"%\((?P<name>\w+)\)[ds] (?:(?:free|more|workshop|credit|working) )?"
    r"(?:places?|hours?|days?|minutes?|meetings?|semesters?|mentees?|mentors?|tandems?|people|persons?|"
    r"emails?|mails?|criteria|codes?|points?|topics?|weeks?|months?|dates?|departments?)\b"
)
NEVER_ONE = {  # numbers that the code fixes or that stand for a whole programme, and numbers in words
    "%(number)s departments": "a university has several",
    "%(of)s topics": "told of two and more",
    "%(workshop_hours)s hours": "of a whole cohort",
    "%(most)d dates": "five (meetings.rules)",
    "%(most)d places": "five hundred (workshops.forms)",
    "%(minutes)d minutes": "of a meeting or a session: a quarter of an hour at least",
}


def test_a_noun_after_a_number_follows_it() -> None:
    """“1 von 2 Plätzen sind belegt” can't be written: the sentence has a plural, or no noun to bend."""
    assert COUNTED.search("%(held)d of %(number)d places are taken.")
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(CATALOGUE))
        if not entry.msgid_plural
        and (found := COUNTED.search(entry.msgid))
        and found[0] not in NEVER_ONE
    ]
    assert wrong == []


RULED_BY_THE_FIRST = {
    "%(unused)s of %(total)s codes is unused.",  # the verb follows; there are ten codes always
    "Hours: %(have)s of %(need)s for %(points)d credit point.",  # the hours have no noun after them
}


def test_a_plural_is_ruled_by_the_number_before_its_noun() -> None:
    """Where two numbers stand in one sentence, the noun follows the one that rules the plural."""
    for entry in polib.pofile(str(CATALOGUE)):
        if entry.msgid_plural:
            numbers = re.findall(
                r"%\((\w+)\)[ds] of (?:the )?%\((\w+)\)[ds] \w+", entry.msgid_plural
            )
            assert numbers == [] or entry.msgid in RULED_BY_THE_FIRST, entry.msgid


FACTS_OF_MORE_THAN_ONE = {"workshop_hours", "credit_hours", "workload_hours", "departments"}


def test_the_words_of_a_page_let_no_noun_follow_a_bare_figure() -> None:
    """“{undo_time} lang”, not “{undo_hours} Stunden lang”: the fact brings its noun in the right number."""
    bare = re.compile(
        r"\{(\w+)\} (?:Stunden?|Tage?|Semester|Plätze|Leistungspunkte|hours|days|semesters|places)\b"
    )
    for path in sorted((ROOT / "templates" / "programme" / "pages").glob("*.txt")):
        for name in bare.findall(path.read_text(encoding="utf-8")):
            assert name.lower() in FACTS_OF_MORE_THAN_ONE, (path.name, name)
