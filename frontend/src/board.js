// Moving cards on the funnel board: by drag here, by keyboard in board-keys.js, by the "Move to…"
// dialog for everybody. The card goes first and the server is asked then; when it refuses
// (somebody was faster: 409), the card goes back and the live region says so.

import htmx from "htmx.org/dist/htmx.esm.js";
import Sortable from "sortablejs/modular/sortable.core.esm.js";

import { announce } from "./live.js";
import { post, redirected } from "./requests.js";
import { text } from "./strings.js";
import { toast } from "./toasts.js";

export const board = document.getElementById("board");

/** The list of cards of a stage. */
export const listOf = (stage) => board.querySelector(`.cards[data-stage="${stage}"]`);

/** The name of whom a card is about. */
export const nameOf = (card) => card.querySelector(".card-link").textContent;

/** The name of a stage, in the reader's language. */
export const stageName = (stage) => listOf(stage).dataset.name;

/** Remember where a card lies; the answer puts it back there. */
export function place(card) {
  const list = card.parentElement;
  const next = card.nextElementSibling;
  return () => {
    list.insertBefore(card, next?.parentElement === list ? next : null);
  };
}

// A card whose stage is not its column's (moved, undone, or moved by somebody else meanwhile)
// goes to the top of the column where it belongs. Cards on their way are left alone.
function settle() {
  if (board.classList.contains("is-dragging")) return;
  for (const card of board.querySelectorAll('.card-item:not(.is-held, [aria-busy="true"])')) {
    const list = listOf(card.dataset.stage);
    if (list && card.parentElement !== list) list.prepend(card);
  }
}

// A refusal is a sentence; one that came too late brings the card as it stands now.
function fragment(body, response) {
  const page = new DOMParser().parseFromString(`<ul>${body}</ul>`, "text/html");
  const card = page.querySelector(".card-item")?.outerHTML;
  const said = page.querySelector("[data-reason]") ?? (response.status < 500 && !card ? page.body : null);
  return { sentence: said?.textContent.trim() || text("failed"), card };
}

async function swap(card, body) {
  const focused = card.contains(document.activeElement);
  const id = card.id;
  await htmx.swap({ sourceElement: card, target: card, swap: "outerHTML", text: body });
  settle();
  if (focused) document.getElementById(id)?.querySelector(".card-link").focus();
}

/**
 * Ask the server to move a card that lies in its new column already.
 * @param {HTMLElement} card
 * @param {string} stage where it goes
 * @param {() => void} back puts it where it was
 * @param {string} reason may be empty
 */
export async function move(card, stage, back, reason = "") {
  const { version } = card.dataset;
  const id = card.id.replace("card-", "");
  card.setAttribute("aria-busy", "true");
  let response;
  let body;
  try {
    const values = { stage, reason, row_version: version };
    response = await post(`/relationships/${id}/move${location.search}`, values);
    body = await response.text();
  } catch {
    putBack(card, back);
    toast(text("offline"), "danger");
    return;
  }
  if (redirected(response)) return;
  if (response.ok) {
    await swap(card, body);
    return;
  }
  const { sentence, card: current } = fragment(body, response);
  putBack(card, back);
  toast(text("putBack", { name: nameOf(card), reason: sentence }), "danger");
  if (current) await swap(card, current);
}

function putBack(card, back) {
  const focused = card.contains(document.activeElement);
  card.removeAttribute("aria-busy");
  back();
  if (focused) card.querySelector(".card-link").focus();
}

function drags() {
  // A finger scrolls; on a phone cards are moved by their menu.
  const phone = matchMedia("(max-width: 767px)").matches;
  for (const list of board.querySelectorAll(".cards")) {
    let back;
    Sortable.create(list, {
      group: "board",
      draggable: ".card-item",
      filter: "button",
      preventOnFilter: false,
      // The order within a column is made by the server: next touchpoint, then fit.
      sort: false,
      disabled: phone || !board.hasAttribute("data-may-move"),
      animation: 120,
      delay: 200,
      delayOnTouchOnly: true,
      scrollSensitivity: 80,
      ghostClass: "card-ghost",
      onStart: ({ item }) => {
        back = place(item);
        board.classList.add("is-dragging");
      },
      onEnd: ({ item, from, to }) => {
        board.classList.remove("is-dragging");
        if (to === from) return;
        to.prepend(item);
        move(item, to.dataset.stage, back);
      },
    });
  }
}

function moveDialog() {
  const dialog = document.getElementById("move");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  let card;

  dialog.addEventListener("dialog:wanted", ({ detail: { opener } }) => {
    card = opener.closest(".card-item");
    form.reset();
    dialog.querySelector("[data-who]").textContent = nameOf(card);
    for (const radio of form.elements.stage) {
      radio.disabled = radio.value === card.dataset.stage;
      radio.checked = false;
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const stage = form.elements.stage.value;
    if (!stage) return;
    dialog.close();
    const back = place(card);
    listOf(stage).prepend(card);
    card.querySelector(".card-link").focus();
    announce(text("moving", { name: nameOf(card), stage: stageName(stage) }));
    move(card, stage, back, form.elements.reason.value);
  });
}

// A list of buttons that are all named "Move to…" helps nobody who hears it.
function nameButtons() {
  for (const button of board.querySelectorAll(".move-button:not([aria-label])")) {
    button.title = button.textContent;
    button.setAttribute("aria-label", `${button.textContent} ${nameOf(button.closest(".card-item"))}`);
  }
}

if (board) {
  nameButtons();
  document.addEventListener("htmx:after:swap", nameButtons);
  drags();
  moveDialog();
  document.addEventListener("htmx:after:swap", settle);
}
