"""The privacy policy of every field: class, purpose, legal basis, retention, erasure (promise P13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.registry import Registry


class DataClass(StrEnum):
    """How personal the content of a field is."""

    TECHNICAL = "technical"  # keys, counters, system times
    PROGRAMME = "programme"  # facts of the programme about no person
    IDENTITY = "identity"  # name, address
    CONTACT = "contact"
    PART = "part"  # role and progress in the programme
    WORDS = "words"  # texts people wrote
    SENSITIVE = "sensitive"  # personal situation


class Erasure(StrEnum):
    """What happens to a field when its person is erased."""

    DELETE = "delete"
    PSEUDONYMISE = "pseudonymise"
    KEEP = "keep"  # no personal data, or a reason is given


@dataclass(frozen=True)
class FieldPolicy:
    """The entry of one model field: class, purpose, legal basis, retention, erasure and why it is kept."""

    data_class: DataClass
    purpose: str
    basis: str = "GDPR 6(1)(e)"
    retention: str = "with the cohort, 12 months"
    erasure: Erasure = Erasure.DELETE
    why_kept: str = ""


TECHNICAL = FieldPolicy(
    DataClass.TECHNICAL,
    "running the system",
    "none needed",
    "with the row",
    Erasure.KEEP,
    "no person in it",
)
PROGRAMME = FieldPolicy(
    DataClass.PROGRAMME,
    "the programme",
    "none needed",
    "as long as useful",
    Erasure.KEEP,
    "no person in it",
)

personal_data: Registry[Mapping[str, FieldPolicy]] = Registry("personal data entry")


def declare(
    model: str, *, technical: str = "", programme: str = "", **personal: FieldPolicy
) -> None:
    """Registers every field of ``model`` ("app.Model"): names of technical and programme fields as one
    string each, the others with their FieldPolicy. A test compares this with the model's fields."""
    entry: dict[str, FieldPolicy] = dict.fromkeys(technical.split(), TECHNICAL)
    entry.update(dict.fromkeys(programme.split(), PROGRAMME))
    entry.update(personal)
    personal_data.add(model, entry)
