// Choosing people of the list: Shift takes all between, the box in the head takes the page.

import { announce } from "./live.js";

const bar = document.querySelector("[data-selection]");

function wire() {
  const boxes = [...document.querySelectorAll(`input[form="${bar.id}"][name="who"]`)];
  const all = document.querySelector("[data-select-page]");
  const said = bar.querySelector("[data-said]");
  const some = bar.querySelectorAll('button[value="some"]');
  const together = bar.querySelector('button[value="together"]');
  const compare = bar.querySelector('button[value="compare"]');
  let last = null;

  function tell() {
    // A row that was acted on may be gone from the page.
    const there = boxes.filter((box) => box.isConnected);
    const n = there.filter((box) => box.checked).length;
    const words = n ? (n === 1 ? bar.dataset.one : bar.dataset.many).replace("{n}", n) : bar.dataset.none;
    said.textContent = words;
    for (const button of some) button.disabled = !n;
    if (together) together.disabled = !n;
    compare?.toggleAttribute("hidden", n < 2 || n > 5);
    bar.toggleAttribute("data-chosen", n > 0);
    all.checked = n > 0 && n === there.length;
    all.indeterminate = n > 0 && n < there.length;
    return words;
  }

  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    announce(tell());
  });
  for (const box of boxes) {
    // A click with Shift also comes from the space bar with Shift held.
    box.addEventListener("click", (event) => {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      if (event.shiftKey && from >= 0) {
        for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
        announce(tell());
      }
      last = box;
      tell();
    });
  }
  // The browser keeps what was ticked when one comes back to the page.
  window.addEventListener("pageshow", tell);
  tell();
}

if (bar) wire();

// A menu that was opened closes by Escape, and by a click beside it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
