// The parts of a long form, one after the other. The links between them do the work without this file; it tells
// which part one has come to and which are answered, keeps the skip link and the switch of language from
// leaving it, and lets Enter go on to the next part, where a browser would send the unfinished form.
"use strict";
(() => {
  const form = document.querySelector(".steps");
  const parts = [...form.querySelectorAll(":scope > .part")];
  const ways = [...document.querySelectorAll(".steps-nav .measures a")];
  const whole = () => form.matches(":target");
  const current = () => (whole() ? null : parts.find((part) => part.matches(":target")) || parts[0]);

  // A part is answered once something is said in it and nothing it needs is missing: one that was only read is not.
  const answered = document.querySelector(".steps-answered");
  const says = (part) =>
    [...part.querySelectorAll("input:not([type=hidden]), select, textarea")].some((control) =>
      ["checkbox", "radio"].includes(control.type) ? control.checked : control.value.trim(),
    );
  const lacks = (part) =>
    part.querySelector(":invalid") ||
    [...part.querySelectorAll("[data-needed]")].some((group) => !group.querySelector(":checked"));

  const tell = () => {
    let count = 0;
    parts.forEach((part, number) => {
      const done = says(part) && !lacks(part);
      count += done;
      if (part === current()) ways[number].setAttribute("aria-current", "step");
      else ways[number].removeAttribute("aria-current");
      ways[number].closest("li").classList.toggle("is-done", done);
      ways[number].querySelector(".unseen").textContent = done ? ways[number].closest("ol").dataset.done : "";
    });
    const words = answered.textContent.replace(/\d+/, count);
    if (answered.textContent !== words) answered.textContent = words;
    answered.hidden = false;
  };
  const arrive = () => {
    tell();
    (current() || parts[0]).querySelector("h2").focus({ preventScroll: true });
  };

  window.addEventListener("hashchange", arrive);
  form.addEventListener("input", tell);
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
