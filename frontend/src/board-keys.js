// The board by keyboard. On a card: arrows go from card to card, Space picks it up; picked up:
// left and right carry it, Space or Enter drops it, Esc puts it back.

import { announce } from "./live.js";
import { board, by, columnName, keyOf, listOf, move, nameOf, place } from "./board.js";
import { text } from "./strings.js";

const COLUMNS = board ? [...board.querySelectorAll(".cards")].map((list) => list.dataset[by]) : [];
let held = null;

const link = (card) => card.querySelector(".card-link");

function say(name, card, key) {
  announce(text(name, {
    name: nameOf(card),
    stage: columnName(key),
    at: COLUMNS.indexOf(key) + 1,
    of: COLUMNS.length,
  }));
}

function pickUp(card) {
  held = { card, back: place(card), stage: keyOf(card), over: keyOf(card) };
  card.classList.add("is-held");
  say("pickedUp", card, held.stage);
}

function carry(step) {
  const to = COLUMNS[COLUMNS.indexOf(held.over) + step];
  if (!to) return;
  const { card } = held;
  held.over = to;
  held.carrying = true;
  listOf(to).prepend(card);
  link(card).focus();
  held.carrying = false;
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  say("over", card, to);
}

function drop() {
  const { card, back, stage, over } = held;
  card.classList.remove("is-held");
  held = null;
  if (over === stage) {
    say("notMoved", card, stage);
    return;
  }
  say("moving", card, over);
  move(card, over, back);
}

function cancel(refocus) {
  const { card, back, stage } = held;
  held = null;
  card.classList.remove("is-held");
  back();
  if (refocus) link(card).focus();
  say("notMoved", card, stage);
}

function walk(card, key) {
  if (key === "ArrowDown" || key === "ArrowUp") {
    const next = key === "ArrowDown" ? card.nextElementSibling : card.previousElementSibling;
    if (next?.matches(".card-item")) link(next).focus();
    return;
  }
  const column = COLUMNS.indexOf(card.parentElement.dataset[by]);
  const row = [...card.parentElement.children].indexOf(card);
  const step = key === "ArrowRight" ? 1 : -1;
  for (let at = column + step; COLUMNS[at]; at += step) {
    const cards = listOf(COLUMNS[at]).querySelectorAll(".card-item");
    if (cards.length) {
      link(cards[Math.min(row, cards.length - 1)]).focus();
      return;
    }
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const card = event.target.closest(".card-link")?.closest(".card-item");
  if (!card) return;
  const { key } = event;
  const arrow = key.startsWith("Arrow");
  if (held) {
    if (key === " " || key === "Enter") drop();
    else if (key === "Escape") cancel(true);
    else if (key === "ArrowLeft") carry(-1);
    else if (key === "ArrowRight") carry(1);
    else if (!arrow) return;
  } else if (key === " " && board.hasAttribute("data-may-move")) {
    pickUp(card);
  } else if (arrow) {
    walk(card, key);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

if (board) {
  board.addEventListener("keydown", onKey);
  // Whoever leaves a card that is picked up has changed their mind.
  board.addEventListener("focusout", () => {
    if (held && !held.carrying) {
      setTimeout(() => {
        if (held && !held.card.contains(document.activeElement)) cancel(false);
      });
    }
  });
}
