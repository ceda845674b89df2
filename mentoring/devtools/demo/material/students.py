"""The students of the running cohort, one by one, and typical choices of others of their subject."""

from __future__ import annotations

from typing import NamedTuple


class Student(NamedTuple):
    """``fields`` and ``topics`` by code, the most important first; ``home`` is the language of the home."""

    name: str
    subject: str
    degree: str
    semester: int
    fields: str
    topics: str
    home: str = "de"


STUDENTS = (
    Student("Leyla Arslan", "violoncello", "master", 1, "orchestra chamber-music", "auditions self-presentation stage-fright"),
    Student("Nguyễn Thị Ánh", "piano", "master", 3, "soloist music-teaching", "freelancing arriving fees", "en"),
    Student("Noah Bergmann", "composition-major", "master", 2, "composition radio-media", "projects funding contracts"),
    Student("Felix Brandt", "trumpet", "bachelor", 6, "orchestra", "auditions trial-year health"),
    Student("Sofia Conti", "singing", "master", 2, "opera soloist", "agencies applications international", "it"),
    Student("Yusuf Demir", "clarinet", "bachelor", 7, "orchestra music-teaching", "auditions side-job orientation"),
    Student("Isabel Ferreira", "flute", "masterclass", 1, "chamber-music soloist", "own-ensemble competitions fees", "es"),
    Student("Amelie Graf", "jazz-voice", "bachelor", 7, "jazz-pop", "self-presentation contracts networking"),
    Student("Emil Hartmann", "orchestral-conducting", "master", 1, "conducting opera", "networking applications stage-fright"),
    Student("Rasmus Holm", "harpsichord", "master", 3, "early-music chamber-music", "own-ensemble funding networking", "en"),
    Student("Marta Kowalczyk", "lied", "master", 2, "soloist opera", "competitions arriving fees", "pl"),
    Student("Ida Lindqvist", "church-music-major", "master", 1, "choir conducting", "teaching family applications"),
    Student("David Mbeki", "jazz-piano", "master", 3, "jazz-pop composition", "contracts freelancing social-insurance"),
    Student("Lukas Meier", "percussion", "bachelor", 8, "orchestra", "auditions health trial-year"),
    Student("Mira Novak", "dramaturgy-major", "master-arts", 2, "dramaturgy directing", "applications networking orientation"),
    Student("Jiwoo Park", "violin", "masterclass", 2, "orchestra soloist", "auditions arriving competitions", "ko"),
    Student("Jonas Petersen", "horn", "bachelor", 5, "orchestra", "auditions stage-fright practice"),
    Student("Paul Richter", "musicology-major", "master-arts", 3, "musicology radio-media", "orientation applications self-presentation"),
    Student("Mateo Rivas", "guitar", "master", 2, "soloist music-teaching", "freelancing teaching projects", "es"),
    Student("Hana Sato", "accompaniment", "master", 1, "opera chamber-music", "applications arriving stage-fright", "ja"),
    Student("Anna-Lena Schubert-Weiß", "elementary-music", "bachelor", 7, "music-teaching", "teaching projects funding"),
    Student("Olena Shevchuk", "double-bass", "master", 2, "orchestra jazz-pop", "auditions arriving freelancing", "uk"),
    Student("Clara Vogt", "viola", "bachelor", 6, "chamber-music orchestra", "own-ensemble funding fees"),
    Student("Theresa Winkler", "music-theatre", "bachelor", 8, "opera directing", "applications agencies equality"),
    Student("Zeynep Yıldız", "recorder", "master", 1, "early-music music-teaching", "own-ensemble family projects"),
)  # fmt: skip

# Typical choices by department: fields and topics by code.
CHOICES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "early-music": (("early-music", "chamber-music", "music-teaching"), ("own-ensemble", "funding", "networking", "fees", "projects")),
    "church-music": (("choir", "conducting", "music-teaching"), ("applications", "family", "teaching", "funding", "projects")),
    "music-education": (("music-teaching", "culture-management", "chamber-music"), ("teaching", "projects", "funding", "freelancing", "side-job")),
    "winds-percussion": (("orchestra", "chamber-music", "music-teaching"), ("auditions", "trial-year", "health", "stage-fright", "practice")),
    "voice": (("opera", "soloist", "choir"), ("agencies", "applications", "stage-fright", "international", "equality")),
    "musicology": (("musicology", "radio-media", "culture-management"), ("orientation", "applications", "self-presentation", "networking", "side-job")),
    "dramaturgy": (("dramaturgy", "theatre-production", "directing", "opera"), ("applications", "networking", "orientation", "contracts", "equality")),
    "piano-conducting": (("soloist", "conducting", "chamber-music", "opera"), ("freelancing", "competitions", "networking", "stage-fright", "fees")),
    "jazz-pop": (("jazz-pop", "composition", "sound-engineering"), ("contracts", "freelancing", "self-presentation", "social-insurance", "networking")),
    "composition": (("composition", "radio-media", "sound-engineering"), ("funding", "projects", "contracts", "networking", "international")),
    "strings": (("orchestra", "chamber-music", "soloist"), ("auditions", "competitions", "own-ensemble", "fees", "stage-fright")),
}  # fmt: skip
ARTS = {"musicology", "dramaturgy"}  # departments whose degrees are of arts, not of music
