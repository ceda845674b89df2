"""The spell check finds what is misspelt, in each language, and knows the forms that German writes here."""

from __future__ import annotations

import shutil

import pytest

from tests.spelling import DICTIONARIES, ROOT, Text, check, misspelt, own_words, texts, words

needs_hunspell = pytest.mark.skipif(not shutil.which("hunspell"), reason="not run: no hunspell")


@needs_hunspell
def test_a_misspelt_word_is_named_with_its_place() -> None:
    found = misspelt(
        [
            Text("Der Durchganng beginnt.", ("de",), "a.de.txt:1"),
            Text("The programme acommodates all.", ("en",), "b.en.txt:2"),
            Text("Bewerbung", ("en",), "c.en.txt:3"),  # right, but not in this language
            Text("Bewerbung and application", ("de", "en"), "d.html"),
        ]
    )
    assert found == [
        "Bewerbung  c.en.txt:3",
        "Durchganng  a.de.txt:1",
        "acommodates  b.en.txt:2",
    ]


@needs_hunspell
def test_american_spelling_is_no_british_one() -> None:
    assert misspelt([Text("the program’s color", ("en",), "x")]) == ["color  x"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mentor_innen und Koordinator_in", ["Mentor", "und", "Koordinator"]),
        ("the mentee’s answer", ["the", "mentee", "answer"]),
        ("%(name)s wählt bis {until:day}", ["wählt", "bis"]),
        ("see `mentees/states.py` at https://www.example.org/abc", ["see", "at"]),
        ('<a href="/xyz/" class="btn">Zurück</a> {% url "admin:qwert" %}', ["Zurück"]),
        ("E-Mail-Adresse", ["Mail", "Adresse"]),
    ],
)
def test_placeholders_code_and_addresses_are_no_words(text: str, found: list[str]) -> None:
    assert list(words(text)) == found


def test_every_kind_of_text_is_read() -> None:
    """The catalogue in both languages, letters, pages, notices, templates, word lists, documents."""
    read = list(texts())
    for place in (
        "mentees/forms/applying.py",
        "templates/mentees/mail/application-invited.de.txt:1",
        "templates/mentees/mail/application-invited.en.txt:1",
        "templates/programme/pages/privacy.de.txt:1",
        "templates/programme/notices/mentor.en.txt:1",
        "templates/base.html",
        "README.md",
        "docs/architecture.md",
    ):
        assert any(one.where == place for one in read), place
    assert {one.languages for one in read} == {("de",), ("en",), ("de", "en")}
    assert any(one.where.startswith("programme/vocabulary.py") for one in read)
    assert len(read) > 3000


def test_our_own_lists_are_sorted_and_name_no_word_twice() -> None:
    for language in DICTIONARIES:
        assert own_words(language) == sorted(set(own_words(language))), language
        assert (ROOT / "locale" / f"words.{language}.txt").exists()


def test_without_hunspell_the_check_says_so_and_fails_where_it_has_to_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("REQUIRE_SERVICES", raising=False)
    assert check() == ""
    assert "hunspell is not installed" in capsys.readouterr().out
    monkeypatch.setenv("CI", "1")
    assert "hunspell is missing" in check()
