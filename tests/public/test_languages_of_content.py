"""Words known to be in another language than the page say so, to the eye and in their ``lang``."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories as make

pytestmark = pytest.mark.django_db


def test_german_words_on_an_english_page_say_that_they_are_german(
    client: Client,
) -> None:
    make.workshop(
        slug="fees",
        published_at=timezone.now(),
        starts_at=timezone.now() + timedelta(days=9),
        title="Honorare verhandeln",
        summary="Wie man eine Zahl nennt.",
    )
    paths = {"/workshops/": "usually German", reverse("workshop", args=["fees"]): "is in German"}
    for path, note in paths.items():
        english = client.get(path, headers={"accept-language": "en"}).content.decode()
        assert note in english, path
        assert ' lang="de">Honorare verhandeln' in english, path
        german = client.get(path, headers={"accept-language": "de"}).content.decode()
        assert ' lang="de">Honorare verhandeln' not in german, path


def test_words_of_mentors_whose_language_nobody_recorded_claim_no_language(
    client: Client,
) -> None:
    make.mentor(profession="Solocellist_in", about="I teach in English.", public=True)
    english = client.get("/mentors/", headers={"accept-language": "en"}).content.decode()
    assert "<p>Solocellist_in" in english
    assert '<p class="words">I teach in English.' in english
    assert "as they were written, usually in German" in english
    german = client.get("/mentors/", headers={"accept-language": "de"}).content.decode()
    assert "<p>Solocellist_in" in german
    assert "wie sie geschrieben wurden" not in german
