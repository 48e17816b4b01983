// What there is to decide before a card is moved: what is missing, and whose version stands. The
// server writes it; it is opened as a dialog, and its forms are asked for as the move was.

import { open } from "./dialogs.js";

const dialog = document.getElementById("halt");
let waiting = null;

/** What an answer asks, if it asks anything: its part, the card as it stands now, or that it is gone. */
export function asked(body) {
  const page = new DOMParser().parseFromString(body, "text/html");
  const part = page.querySelector("[data-dialog]");
  if (!part || !dialog) return null;
  return {
    part,
    card: page.querySelector(".card-item")?.outerHTML,
    isGone: part.hasAttribute("data-gone"),
  };
}

/**
 * Ask it: `decide` is called with where to send what was chosen, `leave` when nothing was.
 * @param {Element} part
 * @param {{decide?: (url: string, values: object) => Promise<void>, leave?: () => void}} then
 */
export function halt(part, then) {
  waiting = then;
  dialog.replaceChildren(document.adoptNode(part));
  dialog.setAttribute("aria-labelledby", "halt-title");
  if (!open(dialog)) then.leave?.();
}

function choose(form) {
  const { decide } = waiting;
  waiting = null;
  const values = Object.fromEntries(new FormData(form));
  const url = form.getAttribute("action");
  dialog.close();
  return decide(url, values);
}

function wire() {
  const quickLog = document.getElementById("quick-log");
  let retried = null;

  dialog.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-moves]");
    if (!form) return;
    event.preventDefault();
    if (waiting?.decide) choose(form);
  });
  // Quick log takes the place of this dialog; once it is closed, the move is asked for again.
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-quick-log]")) return;
    retried = { then: waiting, form: dialog.querySelector("form[data-retry]") };
    waiting = null;
    dialog.close();
  });
  quickLog?.addEventListener("close", () => {
    if (!retried?.then) return;
    waiting = retried.then;
    const { form } = retried;
    retried = null;
    choose(form);
  });
  // What opens is seen as a whole, with its button.
  dialog.addEventListener("toggle", ({ target }) => {
    if (target.matches("details[open]")) target.querySelector("form .btn")?.scrollIntoView({ block: "nearest" });
  }, true);
  dialog.addEventListener("close", () => {
    const left = waiting;
    waiting = null;
    left?.leave?.();
  });
}

if (dialog) wire();

// The same as a page of its own: what was logged may be all that was missing.
const page = dialog ? null : document.querySelector("form[data-retry]");
if (page) {
  document.getElementById("quick-log")?.addEventListener("close", () => page.requestSubmit());
}
