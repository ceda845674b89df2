"""Invented names, and addresses under domains that can't receive mail (RFC 2606)."""

from __future__ import annotations

import random
import re
import unicodedata

GIVEN = (
    "Amelie", "Anton", "Antonia", "Benedikt", "Carlotta", "Charlotte", "Clemens", "David", "Elias",
    "Elisabeth", "Emma", "Fabian", "Felicitas", "Finn", "Florentine", "Franziska", "Frieda", "Greta",
    "Hannah", "Helene", "Henri", "Jakob", "Jannik", "Johanna", "Jonathan", "Josefine", "Julius",
    "Karla", "Kilian", "Konstantin", "Lara", "Lea", "Leander", "Leonie", "Linus", "Lotte", "Luise",
    "Magdalena", "Marlene", "Mathilda", "Max", "Merle", "Milan", "Moritz", "Nele", "Nora", "Oskar",
    "Paula", "Philipp", "Pia", "Raphael", "Ronja", "Ruben", "Samuel", "Selma", "Sophie", "Tabea",
    "Tilda", "Toni", "Valentin", "Vincent", "Wanda", "Xaver", "Zoe",
)  # fmt: skip
FAMILY = (
    "Albers", "Asmus", "Barth", "Behnke", "Bischoff", "Brückner", "Busch", "Claasen", "Dietz",
    "Dombrowski", "Ebeling", "Ehlers", "Engelmann", "Fiedler", "Förster", "Friedrichs", "Gebhardt",
    "Gerstner", "Götze", "Grabowski", "Hagemann", "Heidrich", "Henke", "Hölzel", "Jacobsen",
    "Jahnke", "Kaminski", "Kessler", "Kirchhoff", "Köhler", "Kröger", "Kuhlmann", "Lachmann",
    "Lindner", "Lohse", "Mehnert", "Mielke", "Nagel", "Neubert", "Oertel", "Opitz", "Pape",
    "Pfeiffer", "Pohl", "Quast", "Rademacher", "Reimann", "Riedel", "Rösler", "Sauer", "Schade",
    "Scheffler", "Sievers", "Steinke", "Tauber", "Thiele", "Ulbrich", "Vetter", "Voigtländer",
    "Wegener", "Wiegand", "Wittig", "Zeidler", "Zimmer",
)  # fmt: skip
# Whole names, since given and family name belong together: (name, likely language of the home)
ABROAD = (
    ("Aiko Nakamura", "ja"), ("Aleksander Wójcik", "pl"), ("Alejandro Vargas", "es"),
    ("Amira Haddad", "fr"), ("Anastasiia Kovalenko", "uk"), ("Beatriz Carvalho", "es"),
    ("Bo-Ra Lee", "ko"), ("Camille Rousselet", "fr"), ("Chiara Bellandi", "it"),
    ("Dae-Hyun Kim", "ko"), ("Daniela Popescu", "en"), ("Dmytro Bondarenko", "uk"),
    ("Edoardo Marchetti", "it"), ("Elif Aydın", "en"), ("Fatoumata Keita", "fr"),
    ("Gabriela Muñoz", "es"), ("Haruto Ishikawa", "ja"), ("Ingrid Solberg", "en"),
    ("Ioana Dumitru", "en"), ("Jana Dvořáčková", "en"), ("João Tavares", "es"),
    ("Kasia Zielińska", "pl"), ("Lin Yue", "zh"), ("Lucía Ortega", "es"), ("Matilde Ferraro", "it"),
    ("Mei Zhang", "zh"), ("Mihail Andreev", "ru"), ("Minh Trần", "en"), ("Naledi Dube", "en"),
    ("Niko Lehtinen", "en"), ("Oksana Melnyk", "uk"), ("Priya Raman", "en"), ("Rúben Faria", "es"),
    ("Sakura Mori", "ja"), ("Seung-Woo Park", "ko"), ("Siobhán Kearney", "en"),
    ("Tariq Mansour", "en"), ("Tomáš Krejčí", "en"), ("Valentina Ríos", "es"), ("Wei Chen", "zh"),
    ("Yael Ben-Ari", "en"), ("Yuki Tanabe", "ja"), ("Zofia Pawlak", "pl"), ("Özge Korkmaz", "en"),
)  # fmt: skip
SHARE_ABROAD = 0.25  # about a quarter of the students come from abroad

_LETTERS = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ø": "o", "ł": "l", "đ": "d",
    }
)  # fmt: skip


class NameBook:
    """Returns names and addresses; no address twice. ``taken`` are names that are used already."""

    def __init__(self, rng: random.Random, taken: tuple[str, ...] = ()) -> None:
        self._rng = rng
        self._names = set(taken)
        self._addresses: set[str] = set()

    def fresh(self) -> tuple[str, str]:
        """An unused name and the language of the home: “de” for three quarters."""
        for _attempt in range(40):
            if self._rng.random() < SHARE_ABROAD:
                name, language = self._rng.choice(ABROAD)
            else:
                name = f"{self._rng.choice(GIVEN)} {self._rng.choice(FAMILY)}"
                language = "de"
            if name not in self._names:
                break
        else:  # all names are used: combine two family names
            first, second = self._rng.sample(FAMILY, 2)
            name, language = f"{self._rng.choice(GIVEN)} {first}-{second}", "de"
        self._names.add(name)
        return name, language

    def address(self, name: str, domain: str = "example.org") -> str:
        """An unused address made from the name."""
        plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
        local = re.sub(r"[^a-z0-9]+", ".", plain.encode("ascii", "ignore").decode()).strip(".")
        number, found = 1, f"{local}@{domain}"
        while found in self._addresses:
            number += 1
            found = f"{local}{number}@{domain}"
        self._addresses.add(found)
        return found
