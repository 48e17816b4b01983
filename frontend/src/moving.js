// What the dialog "Move to…" asks and offers besides the stage: why somebody goes back, which has to
// be said, and a pause; and on a phone the lines above the board, which it opens.

import { open } from "./dialogs.js";

const moving = document.getElementById("move");
const pausing = document.getElementById("pause");
const look = document.querySelector(".board-look");

/** Ask for the reason at once where the chosen stage lies below. */
function demand(form) {
  const stages = [...form.elements.stage];
  const to = stages.findIndex((one) => one.checked);
  // Where they are is the one stage that cannot be chosen.
  const isBack = to >= 0 && to < stages.findIndex((one) => one.disabled);
  form.elements.reason.required = isBack;
  form.querySelector("[data-may]").hidden = isBack;
  form.querySelector("[data-must]").hidden = !isBack;
}

/** The dialog of a pause is the same for each card: it is filled in from the card. */
function pause(card) {
  const form = pausing.querySelector("form");
  form.reset();
  form.action = `/relationships/${card.id.replace("card-", "")}/pause${location.search}`;
  form.elements.row_version.value = card.dataset.version;
  pausing.querySelector("[data-who]").textContent = card.querySelector(".card-link").textContent;
  open(pausing);
}

function wire() {
  const form = moving.querySelector("form");
  let card = null;

  form.addEventListener("change", () => demand(form));
  moving.addEventListener("dialog:wanted", ({ detail: { opener } }) => {
    card = opener.closest(".card-item");
    demand(form);
  });
  moving.querySelector("[data-pauses]")?.addEventListener("click", () => {
    moving.close();
    pause(card);
  });
}

if (moving) wire();

look?.addEventListener("click", () => {
  const isOpen = look.getAttribute("aria-expanded") === "true";
  look.setAttribute("aria-expanded", String(!isOpen));
});
