"""The two voices of the start page, heard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from core.voices.piece import invention
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser
# Keeps what a page asks of Web Audio: the frequency, begin and end of each tone, and whether it was closed.
LISTEN = """
  window.heard = { tones: [], opened: 0, closed: 0 };
  const Audio = window.AudioContext;
  window.AudioContext = class extends Audio {
    constructor() { super(); heard.opened += 1; heard.tones = []; }
    createOscillator() {
      const tone = super.createOscillator(), start = tone.start.bind(tone);
      tone.start = (at) => { heard.tones.push([tone.frequency.value, at]); start(at); };
      return tone;
    }
    close() { heard.closed += 1; return super.close(); }
  };
"""


def test_hero_plays_what_is_drawn_and_only_when_asked(tandem_stage: Any, browser: Browser) -> None:
    ground, server, _facts = tandem_stage
    walk = Walk(browser, ground, server, language="en-GB")
    walk.page.add_init_script(LISTEN)
    page = walk.open("/")
    button = page.get_by_role("button", name="Listen")
    assert page.evaluate("heard.opened") == 0
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    tones = page.evaluate("heard.tones")
    first = min(at for _frequency, at in tones)
    notes = [note for voice in invention().span(1, 4) for note in voice]
    early = min(note.begin for note in notes)
    assert [
        (round(440 * 2 ** ((note.pitch - 69) / 12), 1), round((note.begin - early) * 0.2, 2))
        for note in notes
    ] == [(round(frequency, 1), round(at - first, 2)) for frequency, at in tones]
    page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("[heard.opened, heard.closed]") == [1, 1]
    button.click()
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")  # leaving
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("[heard.opened, heard.closed]") == [2, 2]
    walk.close()


def test_no_button_without_script(tandem_stage: Any, browser: Browser) -> None:
    ground, server, _facts = tandem_stage
    walk = Walk(browser, ground, server, javascript=False)
    assert walk.open("/").locator(".voices-play").is_hidden()
    walk.close()
