// Buttons that copy what stands in a field. Without script the field is there to be copied from.

import { announce } from "./live.js";
import { text } from "./strings.js";

for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // No clipboard without https: the old way then, which some browsers still know.
    if (!document.execCommand("copy")) return;
  }
  announce(text("copied"));
  button.textContent = text("copied");
});
