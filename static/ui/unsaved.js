// Asks before a page is left whose form has entries that are not sent: by a link, a reload, the back button, closing
// the page. The form is the one whose entries the language switch keeps. Never asks while that form is being sent.
// Without script the page works the same, without the question.
"use strict";
(() => {
  const mark = document.querySelector("input[name=form-changed]"); // "1": the page came with words not sent yet
  const form = mark.form;
  if (!form) return;
  let sending = false;

  const toFillIn = (control) =>
    control.matches("input, select, textarea") && !["hidden", "submit", "button", "reset", "image"].includes(control.type);
  const differs = (control) => {
    if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
    if (!control.options) return control.value !== control.defaultValue;
    const options = [...control.options];
    const chosen = options.filter((one) => one.defaultSelected);
    if (!chosen.length && !control.multiple) chosen.push(...options.filter((one) => !one.disabled).slice(0, 1));
    return options.some((one) => one.selected !== chosen.includes(one));
  };
  const changed = () => {
    const controls = [...form.elements].filter(toFillIn);
    return controls.length > 0 && (mark.value === "1" || controls.some(differs));
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name === "lang" && changed()) mark.value = "1";
    sending = true;
  });
  const here = () => {
    sending = false; // somebody goes on writing: what was sent did not lead away
  };
  form.addEventListener("input", here);
  window.addEventListener("pageshow", here);
  window.addEventListener("beforeunload", (event) => {
    if (sending || !changed()) return;
    event.preventDefault();
    event.returnValue = true;
  });
})();
