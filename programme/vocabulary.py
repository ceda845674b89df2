"""The initial vocabulary of a music university: subjects, degrees, career fields, topics … and the notices.

Coordinators rename, reorder and retire entries in the admin. An entry is identified by its ``code``, which
never changes; existing entries are never changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from programme.models import (
    CareerField,
    ConsentNotice,
    ConsentPurpose,
    Degree,
    Instrument,
    StudySubject,
    SubjectGroup,
    Topic,
    Vocabulary,
    WorkingLanguage,
)

Words = Sequence[tuple[str, str, str]]

# The twelve departments.
GROUPS: Words = (
    ("early-music", "Alte Musik", "Early music"),
    ("church-music", "Kirchenmusik", "Church music"),
    ("music-education", "Musikpädagogik", "Music education"),
    ("winds-percussion", "Blasinstrumente und Schlagzeug", "Wind instruments and percussion"),
    ("voice", "Klassischer Gesang und Musiktheater", "Classical singing and music theatre"),
    ("musicology", "Musikwissenschaft", "Musicology"),
    ("dramaturgy", "Dramaturgie", "Dramaturgy"),
    ("piano-conducting", "Klavier und Dirigieren", "Piano and conducting"),
    ("acting", "Schauspiel", "Acting"),
    ("jazz-pop", "Jazz und Popularmusik", "Jazz and popular music"),
    ("composition", "Komposition und Musiktheorie", "Composition and music theory"),
    ("strings", "Streichinstrumente und Harfe", "Strings and harp"),
)

SUBJECTS: dict[str, Words] = {
    "early-music": (
        ("harpsichord", "Cembalo", "Harpsichord"),
        ("recorder", "Blockflöte", "Recorder"),
        ("lute", "Laute", "Lute"),
        ("baroque-violin", "Barockvioline", "Baroque violin"),
        ("viola-da-gamba", "Viola da gamba", "Viola da gamba"),
        ("historical-winds", "Historische Blasinstrumente", "Historical wind instruments"),
    ),
    "church-music": (
        ("church-music-major", "Kirchenmusik", "Church music"),
        ("organ", "Orgel", "Organ"),
    ),
    "music-education": (
        ("instrumental-pedagogy", "Instrumentalpädagogik", "Instrumental teaching"),
        ("vocal-pedagogy", "Gesangspädagogik", "Vocal teaching"),
        ("elementary-music", "Elementare Musikpädagogik", "Elementary music education"),
    ),
    "winds-percussion": (
        ("flute", "Flöte", "Flute"),
        ("oboe", "Oboe", "Oboe"),
        ("clarinet", "Klarinette", "Clarinet"),
        ("bassoon", "Fagott", "Bassoon"),
        ("saxophone", "Saxofon", "Saxophone"),
        ("horn", "Horn", "Horn"),
        ("trumpet", "Trompete", "Trumpet"),
        ("trombone", "Posaune", "Trombone"),
        ("tuba", "Tuba", "Tuba"),
        ("percussion", "Schlagzeug", "Percussion"),
    ),
    "voice": (
        ("singing", "Gesang", "Singing"),
        ("lied", "Liedgestaltung", "Song interpretation"),
        ("music-theatre", "Musiktheater", "Music theatre"),
    ),
    "musicology": (("musicology-major", "Musikwissenschaft", "Musicology"),),
    "dramaturgy": (("dramaturgy-major", "Dramaturgie", "Dramaturgy"),),
    "piano-conducting": (
        ("piano", "Klavier", "Piano"),
        ("accompaniment", "Klavierkammermusik und Korrepetition", "Piano accompaniment"),
        ("orchestral-conducting", "Orchesterdirigieren", "Orchestral conducting"),
        ("choral-conducting", "Chordirigieren", "Choral conducting"),
    ),
    "acting": (("acting-major", "Schauspiel", "Acting"),),
    "jazz-pop": (
        ("jazz-voice", "Jazz- und Popgesang", "Jazz and pop singing"),
        ("jazz-piano", "Jazzklavier", "Jazz piano"),
        ("jazz-guitar", "Jazzgitarre", "Jazz guitar"),
        ("jazz-bass", "Jazzbass", "Jazz bass"),
        ("jazz-drums", "Jazzschlagzeug", "Jazz drums"),
        ("jazz-winds", "Jazzbläser", "Jazz winds"),
    ),
    "composition": (
        ("composition-major", "Komposition", "Composition"),
        ("electroacoustic", "Elektroakustische Musik", "Electroacoustic music"),
        ("music-theory", "Musiktheorie", "Music theory"),
        ("improvisation", "Improvisation", "Improvisation"),
    ),
    "strings": (
        ("violin", "Violine", "Violin"),
        ("viola", "Viola", "Viola"),
        ("violoncello", "Violoncello", "Cello"),
        ("double-bass", "Kontrabass", "Double bass"),
        ("harp", "Harfe", "Harp"),
        ("guitar", "Gitarre", "Guitar"),
    ),
}
WITH_OFFERS_OF_THEIR_OWN = {"acting-major"}

# code, German, English, length in semesters, recommended from, may apply
DEGREES: Sequence[tuple[str, str, str, int, int, bool]] = (
    ("bachelor", "Bachelor of Music", "Bachelor of Music", 8, 5, True),
    ("master", "Master of Music", "Master of Music", 4, 1, True),
    ("masterclass", "Meisterklassenexamen", "Master class", 4, 1, True),
    ("bachelor-arts", "Bachelor of Arts", "Bachelor of Arts", 6, 5, True),
    ("master-arts", "Master of Arts", "Master of Arts", 4, 1, True),
    ("teacher-training", "Lehramt", "Teacher training", 10, 1, False),
    ("double-major", "Doppelfach", "Double major", 10, 1, False),
    ("erasmus", "Erasmus", "Erasmus", 2, 1, False),
)

FIELDS: Words = (
    ("orchestra", "Orchester", "Orchestra"),
    ("soloist", "freie Solist_in", "Freelance soloist"),
    ("chamber-music", "Kammermusik und Ensemble", "Chamber music and ensemble"),
    ("opera", "Oper und Musiktheater", "Opera and music theatre"),
    ("choir", "Chor und Kirchenmusik", "Choir and church music"),
    ("early-music", "Alte Musik", "Early music"),
    ("jazz-pop", "Jazz und Pop", "Jazz and pop"),
    ("composition", "Komposition", "Composition"),
    ("conducting", "Dirigieren", "Conducting"),
    ("music-teaching", "Unterrichten und Musikvermittlung", "Music teaching and outreach"),
    ("culture-management", "Kulturmanagement", "Arts management"),
    ("agency-label", "Agentur und Label", "Agency and label"),
    ("radio-media", "Rundfunk und Medien", "Radio and media"),
    ("musicology", "Musikwissenschaft", "Musicology"),
    ("dramaturgy", "Dramaturgie", "Dramaturgy"),
    ("directing", "Regie, Bühne und Kostüm", "Stage directing and design"),
    ("theatre-production", "Theaterleitung und Produktion", "Theatre management and production"),
    ("sound-engineering", "Tontechnik und Musikproduktion", "Sound engineering and production"),
)

TOPICS: Words = (
    ("auditions", "Probespiel und Vorsingen", "Auditions"),
    ("trial-year", "Probejahr und erste Stelle", "Trial year and first position"),
    ("fees", "Honorare verhandeln", "Negotiating fees"),
    ("contracts", "Verträge", "Contracts"),
    ("social-insurance", "Künstlersozialkasse und Steuern", "Social insurance and taxes"),
    ("freelancing", "Freiberuflich leben", "Living as a freelancer"),
    ("networking", "Netzwerke und Kontakte", "Networks and contacts"),
    ("self-presentation", "Selbstdarstellung, Website, Material", "Self-presentation"),
    ("agencies", "Agenturen und Management", "Agencies and management"),
    ("applications", "Bewerbungen", "Applications"),
    ("competitions", "Wettbewerbe", "Competitions"),
    ("funding", "Förderung und Stipendien", "Funding and scholarships"),
    ("own-ensemble", "Ein Ensemble gründen und führen", "Founding and leading an ensemble"),
    ("projects", "Eigene Projekte und Festivals", "Projects and festivals of one’s own"),
    ("stage-fright", "Lampenfieber und Auftritt", "Stage fright and performing"),
    ("health", "Gesund bleiben", "Staying healthy"),
    ("practice", "Üben und Repertoire planen", "Planning practice and repertoire"),
    ("family", "Familie und Beruf", "Family and work"),
    ("equality", "Gleichstellung und Diskriminierung", "Equality and discrimination"),
    ("international", "Arbeiten im Ausland", "Working abroad"),
    ("arriving", "In Deutschland ankommen", "Arriving in Germany"),
    ("teaching", "Unterrichten", "Teaching"),
    ("side-job", "Zweites Standbein", "A second string to one’s bow"),
    ("orientation", "Wohin will ich?", "Where do I want to go?"),
)

INSTRUMENTS: Words = (
    ("violin", "Violine", "Violin"),
    ("viola", "Viola", "Viola"),
    ("violoncello", "Violoncello", "Cello"),
    ("double-bass", "Kontrabass", "Double bass"),
    ("harp", "Harfe", "Harp"),
    ("guitar", "Gitarre", "Guitar"),
    ("lute", "Laute", "Lute"),
    ("viola-da-gamba", "Viola da gamba", "Viola da gamba"),
    ("flute", "Flöte", "Flute"),
    ("recorder", "Blockflöte", "Recorder"),
    ("oboe", "Oboe", "Oboe"),
    ("clarinet", "Klarinette", "Clarinet"),
    ("bassoon", "Fagott", "Bassoon"),
    ("saxophone", "Saxofon", "Saxophone"),
    ("horn", "Horn", "Horn"),
    ("trumpet", "Trompete", "Trumpet"),
    ("trombone", "Posaune", "Trombone"),
    ("tuba", "Tuba", "Tuba"),
    ("percussion", "Schlagzeug", "Percussion"),
    ("piano", "Klavier", "Piano"),
    ("harpsichord", "Cembalo", "Harpsichord"),
    ("organ", "Orgel", "Organ"),
    ("accordion", "Akkordeon", "Accordion"),
    ("soprano", "Sopran", "Soprano"),
    ("mezzo", "Mezzosopran und Alt", "Mezzo-soprano and alto"),
    ("countertenor", "Countertenor", "Countertenor"),
    ("tenor", "Tenor", "Tenor"),
    ("baritone", "Bariton und Bass", "Baritone and bass"),
    ("jazz-voice", "Jazz- und Popgesang", "Jazz and pop voice"),
    ("electric-bass", "E-Bass", "Electric bass"),
    ("electronics", "Elektronik", "Electronics"),
    ("conducting", "Dirigieren", "Conducting"),
)

LANGUAGES: Words = (
    ("de", "Deutsch", "German"),
    ("en", "Englisch", "English"),
    ("fr", "Französisch", "French"),
    ("es", "Spanisch", "Spanish"),
    ("it", "Italienisch", "Italian"),
    ("pl", "Polnisch", "Polish"),
    ("ru", "Russisch", "Russian"),
    ("uk", "Ukrainisch", "Ukrainian"),
    ("zh", "Chinesisch", "Chinese"),
    ("ja", "Japanisch", "Japanese"),
    ("ko", "Koreanisch", "Korean"),
)

NOTICE_VERSION = "1"
NOTICE_VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)  # before any cohort in the demo data


@transaction.atomic
def ensure_vocabulary() -> int:
    """Enters every missing entry and notice; returns how many were new.

    Idempotent: entries that coordinators changed or retired stay unchanged.
    """
    new = _ensure(SubjectGroup, GROUPS)
    groups = SubjectGroup.objects.in_bulk(field_name="code")
    for code, words in SUBJECTS.items():
        new += _ensure(
            StudySubject,
            words,
            lambda subject: {"may_apply": subject not in WITH_OFFERS_OF_THEIR_OWN},
            group=groups[code],
        )
    of = {code: (length, since, may) for code, _de, _en, length, since, may in DEGREES}
    new += _ensure(
        Degree,
        [(code, de, en) for code, de, en, *_rest in DEGREES],
        lambda degree: dict(
            zip(("semesters", "recommended_from", "may_apply"), of[degree], strict=True)
        ),
    )
    for model, words in (
        (CareerField, FIELDS),
        (Topic, TOPICS),
        (Instrument, INSTRUMENTS),
        (WorkingLanguage, LANGUAGES),
    ):
        new += _ensure(model, words)
    return new + ensure_notices()


def _ensure(model: type[Vocabulary], words: Words, more: Any = None, **common: Any) -> int:
    manager = model._default_manager
    known = set(manager.values_list("code", flat=True))
    fresh = [
        model(
            code=code,
            name_de=de,
            name_en=en,
            position=position * 10,
            **common,
            **(more(code) if more else {}),
        )
        for position, (code, de, en) in enumerate(words, start=1)
        if code not in known
    ]
    manager.bulk_create(fresh)
    return len(fresh)


def ensure_notices() -> int:
    """Enters the built-in notice for each purpose that has none; returns how many were new."""
    new = 0
    for purpose in ConsentPurpose.values:
        if not ConsentNotice.objects.filter(purpose=purpose).exists():
            ConsentNotice.objects.create(
                purpose=purpose,
                version=NOTICE_VERSION,
                valid_from=NOTICE_VALID_FROM,
                text_de=notice_text(purpose, "de"),
                text_en=notice_text(purpose, "en"),
            )
            new += 1
    return new


def notice_text(purpose: str, language: str) -> str:
    """The built-in text of a notice (``templates/programme/notices/``)."""
    folder = Path(settings.BASE_DIR) / "templates" / "programme" / "notices"
    return (folder / f"{purpose}.{language}.txt").read_text(encoding="utf-8").strip()
