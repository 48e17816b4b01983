// Messages that come and go. The server renders those that offer Undo (_toast.html); this
// file shows plain ones, lets them leave, and keeps them as long as somebody looks at them.

import { announce } from "./live.js";
import { text } from "./strings.js";

const LASTS_MS = 12000;
const shelf = document.getElementById("toasts");

/** Show one sentence; "danger" for what did not work. */
export function toast(sentence, kind = "info") {
  if (!shelf) return;
  const box = document.createElement("div");
  box.className = "toast-note";
  box.dataset.kind = kind;
  const words = document.createElement("p");
  words.textContent = sentence;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", text("close"));
  close.textContent = "×";
  box.append(words, close);
  shelf.append(box);
}

function keep(box) {
  clearTimeout(box.timer);
}

function release(box) {
  // What went wrong stays until it is read; the rest leaves by itself.
  if (box.dataset.kind === "danger") return;
  box.timer = setTimeout(() => box.remove(), LASTS_MS);
}

function arrive(box) {
  box.addEventListener("mouseenter", () => keep(box));
  box.addEventListener("mouseleave", () => release(box));
  box.addEventListener("focusin", () => keep(box));
  box.addEventListener("focusout", () => release(box));
  announce(box.querySelector("p")?.textContent ?? "");
  while (shelf.children.length > 3) shelf.firstElementChild.remove();
  release(box);
}

if (shelf) {
  for (const box of shelf.children) arrive(box);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) arrive(node);
      }
    }
  }).observe(shelf, { childList: true });

  shelf.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest(".toast-note").remove();
  });
  // Undo was pressed: its answer brings a message of its own.
  shelf.addEventListener("htmx:after:request", (event) => {
    event.target.closest?.(".toast-note")?.remove();
  });
}
