"""A person in front of a browser: opens pages, reads mail, and is told by axe what others can't use.

``Walk`` holds one browser with one person's context on a ``Ground`` (a database and a gunicorn of its
own, see ``tests/races/harness.py``). Every console error and CSP report fails the walk at its end.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import CHROMIUM
from tests.races.harness import Ground, Server

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOKS = os.environ.get("LOOKS")  # a folder: every page that is looked at leaves a picture there
AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# The markup of an element without its words, addresses and keys: what is drawn alike has the same.
SHAPE = """(element) => [element, ...element.querySelectorAll("*")].map((one) => [
  one.tagName, one.textContent.trim() ? "" : "empty",
  ...[...one.attributes].map(({name, value}) =>
    /^(id|for|name|href|value|action|content|nonce|title|alt|datetime|d|src|aria-(describedby|labelledby|controls)|data-.*)$/
      .test(name) ? name : name + "=" + value)
].join(" ")).join("\\n")"""
# Of rows and points that are alike in one list, axe looks at two: the next may have the other background.
AXE_RUN = f"""(options) => {{
  const shape = {SHAPE}, seen = new Map();
  const exclude = [...document.querySelectorAll("tbody tr, li")].filter((one) => {{
    const alike = seen.get(one.parentElement) ?? new Map(), mine = shape(one);
    seen.set(one.parentElement, alike.set(mine, (alike.get(mine) ?? 0) + 1));
    return alike.get(mine) > 2;
  }});
  return axe.run({{include: [document], exclude}}, options).then(({{violations}}) => violations);
}}"""
LOOKED_AT: set[tuple[bool, bool, str, str]] = set()  # phone, dark, part and shape of a page


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


# The rows of a change form with a field that is wider than they are.
BEYOND = """[...document.querySelectorAll(".aligned .form-row")].filter((row) =>
  [...row.querySelectorAll("input, select, textarea")].some((one) =>
    one.offsetWidth > 0 && one.getBoundingClientRect().right > row.getBoundingClientRect().right + 1
  )).map((row) => row.className)"""

# What is cut off or torn: content wider than a box that scrolls or clips it (a matrix may scroll), and words
# that go on in the next line without a hyphen; not what is there for screen readers alone. Addresses may break anywhere.
TORN = """() => {
  const found = [];
  const hidden = [...document.body.querySelectorAll("*")].filter((one) => getComputedStyle(one).clipPath === "inset(50%)");
  const unseen = (one) => hidden.some((place) => place.contains(one));
  for (const one of document.body.querySelectorAll("*:not(input, textarea, select)")) {
    if (one.closest(".matrix-scroll, svg, iframe") || unseen(one) || getComputedStyle(one).overflowX === "visible") continue;
    if (parseFloat(getComputedStyle(one).textIndent) > one.clientWidth) continue; // a drawing is the link, its words are moved out
    if (one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
      found.push(`${one.tagName}#${one.id}.${one.className} cuts off ${one.scrollWidth - one.clientWidth} px`);
  }
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (words.nextNode()) {
    const text = words.currentNode;
    if (/[@/]/.test(text.data) || text.parentElement.closest("script, style, svg, option, .matrix, .secret") || unseen(text)) continue;
    for (const word of text.data.matchAll(/[\\p{L}\\p{N}_]+/gu)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter((one) => one.width > 0).map((one) => Math.round(one.top)));
      if (lines.size > 1) found.push(`“${word[0]}” is torn`);
    }
  }
  return found;
}"""


class Walk:
    """One person's browser. ``complaints`` gathers console errors and what axe finds (``axe=False``: where
    other walks have been on all pages)."""

    def __init__(
        self,
        browser: Browser,
        ground: Ground,
        server: Server,
        *,
        language: str = "de-DE",
        phone: bool = False,
        dark: bool = False,
        javascript: bool = True,
        axe: bool = True,
    ) -> None:
        self.ground = ground
        self.server = server
        self.base = f"http://localhost:{server.port}"
        self.javascript = javascript
        self.axe = axe
        self.complaints: list[str] = []
        self._axe_runs = False
        self._screen = (phone, dark)
        self.context: BrowserContext = browser.new_context(
            locale=language,
            viewport={"width": 360, "height": 780} if phone else {"width": 1280, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            base_url=self.base,
            reduced_motion="reduce",
        )
        self.page: Page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.page.on("requestfailed", lambda request: self._failed(request.url, request.failure))
        self.page.on("request", lambda request: self._only_ours(request.url))

    # ── complaints ───────────────────────────────────────────────────────────
    def _on_console(self, message: Any) -> None:
        # Chromium writes a line for every 4xx page; the tests look at the answers themselves.
        # axe tries style elements of its own, which the policy rightly refuses.
        if self._axe_runs:
            return
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console on {self.page.url}: {message.text} {message.location}")

    def _failed(self, url: str, failure: Any) -> None:
        if "ERR_ABORTED" not in str(failure):
            self.complaints.append(f"request failed: {url} {failure}")

    def _only_ours(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "about:", "blob:")):
            self.complaints.append(f"a request to a stranger: {url}")

    # ── walking ──────────────────────────────────────────────────────────────
    def open(self, path: str) -> Page:
        """Opens a path (or a whole address of a mail) and looks at it."""
        path = path.replace("http://localhost:8000", "")
        path = re.sub(r"^http://localhost:\d+", "", path)
        self.page.goto(path)
        self.look()
        return self.page

    def tick(self, selector: str) -> None:
        """Chooses a radio or tick box; its whole card is the label, which lies above the control."""
        self.page.locator(selector).first.check(force=True)

    def press(self, action: str) -> None:
        """Presses the button whose ``data-action`` or name is ``action``, and looks at what comes."""
        self.follow(f'[data-action="{action}"], button[name="{action}"]')

    def go_on(self, part: str) -> None:
        """Goes to a part of a form that shows one after the other, by the link at the end of this one."""
        self.page.locator(f'.steps-ways a.btn[href="#{part}"]').click()
        self.page.locator(f"#{part}").wait_for(state="visible")
        self.look()

    def follow(self, selector: str) -> None:
        """Clicks a link or button that leads to another page, and looks at it."""
        with self.page.expect_navigation():
            self.page.locator(f"{selector} >> visible=true").first.click()
        self.look()

    def look(self) -> None:
        """Runs axe on the page as it stands, once for all pages whose markup is the same; one heading; nothing
        wider than the window."""
        page = self.page
        if LOOKS:
            name = re.sub(r"\W+", "-", page.url.replace(self.base, "")).strip("-") or "start"
            name = re.sub(r"[\w-]{30,}", "x", name)
            Path(LOOKS).mkdir(parents=True, exist_ok=True)
            number = len(list(Path(LOOKS).glob("*.png")))
            page.screenshot(path=f"{LOOKS}/{number:03}-{name}.png", full_page=True)
        if not self.javascript:
            return
        part = page.url.partition("#")[2]  # which part of a form is shown
        shape = (*self._screen, part, page.evaluate(f"({SHAPE})(document.documentElement)"))
        if self.axe and shape not in LOOKED_AT:
            self._run_axe()
            LOOKED_AT.add(shape)
        if page.locator("h1").count() != 1:
            self.complaints.append(f"{page.url} has {page.locator('h1').count()} h1")
        self.measure()

    def _run_axe(self) -> None:
        page = self.page
        self._axe_runs = True
        try:
            page.evaluate(AXE_SCRIPT)
            violations = page.evaluate(AXE_RUN, AXE_OPTIONS)
        finally:
            self._axe_runs = False
        for one in violations:
            where = "; ".join(str(node["target"]) for node in one["nodes"][:3])
            self.complaints.append(f"axe on {page.url}: {one['id']} ({one['help']}) at {where}")

    def measure(self) -> None:
        """Complains when the page scrolls sideways, of fields that stand over the edge of their row, of what is
        cut off inside it, and of torn words."""
        page = self.page
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            self.complaints.append(f"{page.url} scrolls sideways by {wide} px")
        for row in page.evaluate(BEYOND):
            self.complaints.append(f"{page.url}: a field stands over the edge of {row}")
        for what in page.evaluate(TORN):
            self.complaints.append(f"{page.url} at {page.viewport_size}: {what}")

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("body").inner_text()

    def close(self) -> None:
        """Ends the walk; raises AssertionError with everything that was complained about."""
        self.context.close()
        assert self.complaints == [], "\n".join(dict.fromkeys(self.complaints))


# ── time and mail ────────────────────────────────────────────────────────────
def send_due(ground: Ground, at: datetime | None = None) -> None:
    """One sweep, at another moment when told; in the ground's process, since starting one takes seconds."""
    ground.call("tests.journeys.stage:send_due", at=at.isoformat() if at else None)


def mails(ground: Ground, *, to: str = "", kind: str = "") -> list[EmailMessage]:
    """The mails that left, oldest first; of one recipient or kind when told."""
    found = []
    for path in sorted((ground.var / "mail").glob("*.eml"), key=lambda one: one.stat().st_mtime_ns):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        if to and to not in str(message["To"]):
            continue
        if kind and message["X-Mentoring-Kind"] != kind:
            continue
        found.append(message)
    return found


def body(message: EmailMessage) -> str:
    """The text part of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(message: EmailMessage) -> str:
    """The personal link of a mail, as a path."""
    match = re.search(r"/l/[\w-]{43}/", body(message))
    assert match, body(message)
    return match[0]
