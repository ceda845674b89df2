"""What a page carries of the values it was opened with, to be sent along as a browser does."""

from __future__ import annotations

from django.test import Client

from tests.corpus.pages import Page


def opened(client: Client, path: str) -> dict[str, list[str]]:
    """The hidden ``initial-…`` inputs of every form on the page, as it stands now."""
    page = Page(client.get(path, follow=True).content.decode())
    return {
        name: values
        for form in page.forms
        for name, values in form.data().items()
        if name.startswith("initial-")
    }
