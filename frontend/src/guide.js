// "What to do now": the guide of one person in a dialog, from their card, from the dialog that
// moves it, or by the key W.

import htmx from "htmx.org/dist/htmx.esm.js";

import { open } from "./dialogs.js";

const dialog = document.getElementById("guide");
const body = document.getElementById("guide-body");
const moving = document.getElementById("move");
let card = null;

/** Open the guide of whoever has the focus, or whom the page is about; whether there is anybody. */
export function guide(of = document.activeElement?.closest(".card-item")) {
  const id = of?.id.replace("card-", "") || document.body.dataset.subject;
  if (!id || !dialog) return false;
  body.replaceChildren();
  htmx.ajax("GET", `/relationships/${id}/guide`, { source: body, target: body, swap: "innerHTML" });
  return open(dialog);
}

moving?.addEventListener("dialog:wanted", ({ detail: { opener } }) => {
  card = opener.closest(".card-item");
});
moving?.querySelector("[data-guide]")?.addEventListener("click", () => {
  moving.close();
  guide(card);
});
