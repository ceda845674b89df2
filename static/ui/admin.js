// Gives names to what Django's own scripts build without one: the icons of the two-list selector.
// Everything works without this file; screen readers hear more with it.
"use strict";
(() => {
  const name = () => {
    for (const icon of document.querySelectorAll(".search-label-icon[aria-label]")) icon.setAttribute("role", "img");
  };
  window.addEventListener("load", () => setTimeout(name, 0));
  document.addEventListener("formset:added", () => setTimeout(name, 0));
})();
