// The parts of a long form, one after the other. The links between them do the work without this file; it tells
// which part one has come to and which are done, keeps the skip link and the switch of language from
// leaving it, and lets Enter go on to the next part, where a browser would send the unfinished form.
"use strict";
(() => {
  const form = document.querySelector(".steps");
  const parts = [...form.querySelectorAll(":scope > .part")];
  const ways = [...document.querySelectorAll(".steps-nav .measures a")];
  const whole = () => form.matches(":target");
  const current = () => (whole() ? null : parts.find((part) => part.matches(":target")) || parts[0]);

  // A part is done once it was seen and nothing it needs is missing: one that was skipped is not.
  const seen = new Set();
  const lacks = (part) =>
    part.querySelector(":invalid") ||
    [...part.querySelectorAll("[data-needed]")].some((group) => !group.querySelector(":checked"));

  const tell = () => {
    parts.forEach((part, number) => {
      const done = seen.has(part) && part !== current() && !lacks(part);
      if (part === current()) ways[number].setAttribute("aria-current", "step");
      else ways[number].removeAttribute("aria-current");
      ways[number].closest("li").classList.toggle("is-done", done);
      ways[number].querySelector(".unseen").textContent = done ? ways[number].closest("ol").dataset.done : "";
    });
    if (current()) seen.add(current());
  };
  const arrive = () => {
    tell();
    (current() || parts[0]).querySelector("h2").focus({ preventScroll: true });
  };

  window.addEventListener("hashchange", arrive);
  form.addEventListener("keydown", (event) => {
    const next = current() && parts[parts.indexOf(current()) + 1];
    if (event.key !== "Enter" || !next || !event.target.matches("input")) return;
    event.preventDefault();
    if (!event.target.list) window.location.hash = next.id; // there Enter takes a suggestion
  });
  const switching = document.querySelector("button[name=lang]");
  switching.addEventListener("click", () => {
    switching.formAction = switching.formAction.split("#")[0] + window.location.hash; // the same part in the other language
  });
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("main").focus();
  });
  tell();
})();
