"""One world for all forms of a module; each test meets it as it was built."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.access.world import World
from tests.corpus.sending import Desk


@pytest.fixture(scope="module")
def desk(request: Any, built: World) -> Iterator[Desk]:
    """The form of the line a test is parametrised with; the tests of one form follow each other."""
    with transaction.atomic():
        yield Desk(request.param, Client(), copy.deepcopy(built))
        transaction.set_rollback(True)
