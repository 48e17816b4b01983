// Moving cards on the funnel board: by drag here, by keyboard in board-keys.js, by the "Move to…"
// dialog for everybody. The card goes first and the server is asked then; when there is something
// to decide (what is missing: 422, somebody was faster: 409), halts.js asks; when it refuses, the
// card goes back and the live region says so.

import htmx from "htmx.org/dist/htmx.esm.js";
import Sortable from "sortablejs/modular/sortable.core.esm.js";

import { asked, halt } from "./halts.js";
import { announce } from "./live.js";
import { post, redirected } from "./requests.js";
import { text } from "./strings.js";
import { toast } from "./toasts.js";

export const board = document.getElementById("board");

/** By what the columns are: `stage`, `owner`, or what belongs to the person and is not carried. */
export const by = board?.dataset.by ?? "stage";

// Of several moves in a row, one counting.
const RECOUNT_MS = 400;

/** The list of cards of a column. */
export const listOf = (key) => board.querySelector(`.cards[data-${by}="${CSS.escape(key)}"]`);

/** The column where a card belongs. */
export const keyOf = (card) => card.dataset[by];

/** The name of whom a card is about. */
export const nameOf = (card) => card.querySelector(".card-link").textContent;

/** The name of a column, in the reader's language. */
export const columnName = (key) => listOf(key)?.dataset.name ?? "";

/** Remember where a card lies; the answer puts it back there. */
export function place(card) {
  const list = card.parentElement;
  const next = card.nextElementSibling;
  return () => {
    list.insertBefore(card, next?.parentElement === list ? next : null);
  };
}

// A card that is not in its column (moved, undone, or moved by somebody else meanwhile) goes to
// the top of the column where it belongs. Cards on their way are left alone.
function settle() {
  if (board.classList.contains("is-dragging")) return;
  for (const card of board.querySelectorAll('.card-item:not(.is-held, [aria-busy="true"])')) {
    const list = keyOf(card) && listOf(keyOf(card));
    if (list && card.parentElement !== list) list.prepend(card);
  }
}

// What does not go through answers with a sentence, or with what there is to decide.
function sentenceOf(body, response) {
  const isPlain = response.headers.get("Content-Type")?.startsWith("text/plain");
  return (isPlain && response.status < 500 && body.trim()) || text("failed");
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
 * @param {string} to the column where it goes
 * @param {() => void} back puts it where it was
 */
export function move(card, to, back) {
  if (by === "stage") return moveTo(card, to, back);
  const values = { owner: to, row_version: card.dataset.version };
  return ask(card, `/relationships/${idOf(card)}/owner`, values, back);
}

const idOf = (card) => card.id.replace("card-", "");

function moveTo(card, stage, back, reason = "") {
  const person = card.querySelector(".card-link").pathname.split("/").pop();
  const values = { stage, reason, row_version: card.dataset.version, person };
  return ask(card, `/relationships/${idOf(card)}/move`, values, back);
}

async function ask(card, url, values, back) {
  card.setAttribute("aria-busy", "true");
  let response;
  let body;
  try {
    response = await post(url + location.search, values);
    body = await response.text();
  } catch {
    putBack(card, back);
    toast(text("offline"), "danger");
    return;
  }
  if (redirected(response)) return;
  if (response.redirected) {
    // It was answered by a page: the message waits there.
    location.reload();
    return;
  }
  if (response.ok) {
    await swap(card, body);
    return;
  }
  const found = asked(body);
  if (!found) {
    putBack(card, back);
    toast(text("putBack", { name: nameOf(card), reason: sentenceOf(body, response) }), "danger");
    return;
  }
  if (found.isGone) {
    card.remove();
    halt(found.part, {});
    return;
  }
  let [subject, undone] = [card, back];
  if (found.card) {
    putBack(card, back);
    await swap(card, found.card);
    [subject, undone] = [document.getElementById(card.id), () => settle()];
  }
  halt(found.part, {
    decide: (to, chosen) => ask(subject, to, chosen, undone),
    leave: () => {
      putBack(subject, undone);
      announce(text("notMoved", { name: nameOf(subject), stage: columnName(keyOf(subject)) }));
    },
  });
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
        move(item, to.dataset[by], back);
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
    if (by === "stage") listOf(stage).prepend(card);
    card.querySelector(".card-link").focus();
    const name = form.querySelector(`[value="${stage}"]`).closest("label").textContent.trim();
    announce(text("moving", { name: nameOf(card), stage: name }));
    moveTo(card, stage, back, form.elements.reason.value);
  });
}

// A list of buttons that are all named "Move to…" helps nobody who hears it.
function nameButtons() {
  for (const button of board.querySelectorAll(".move-button:not([aria-label])")) {
    button.title = button.textContent;
    button.setAttribute("aria-label", `${button.textContent} ${nameOf(button.closest(".card-item"))}`);
  }
}

/** Give cards that came in their places and their words. */
export function arrived() {
  nameButtons();
  settle();
}

function again(id, address) {
  const target = document.getElementById(id);
  if (target) htmx.ajax("GET", address, { source: target, target, swap: "outerHTML" });
}

let recounting;

/** What is counted above the columns is another number once somebody was moved, or moved back. */
export function recount() {
  clearTimeout(recounting);
  recounting = setTimeout(() => {
    again("honesty", "/funnel/claims");
    again("moved-line", "/funnel/moved/line");
    again("board-said", board.dataset.facts);
  }, RECOUNT_MS);
}

if (board) {
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx?.target?.id?.startsWith("card-")) recount();
  });
  nameButtons();
  document.addEventListener("htmx:after:swap", nameButtons);
  drags();
  moveDialog();
  document.addEventListener("htmx:after:swap", settle);
}
