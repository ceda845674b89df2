// Gives names to what Django's own scripts build without one: the icons of the two-list selector and the
// search fields of autocompletes. Everything works without this file; screen readers hear more with it.
"use strict";
(() => {
  const name = () => {
    for (const icon of document.querySelectorAll(".search-label-icon[aria-label]")) icon.setAttribute("role", "img");
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      if (!label) continue;
      label.id = label.id || `${select.id}_label`;
      const box = select.nextElementSibling;
      for (const part of box ? box.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]") : []) {
        part.setAttribute("aria-labelledby", label.id);
      }
    }
  };
  window.addEventListener("load", () => setTimeout(name, 0));
  document.addEventListener("formset:added", () => setTimeout(name, 0));
})();
