// Other people's moves on a board that is open. The server is asked every few seconds while somebody
// looks; it answers nothing where nothing moved. Cards in hand or in focus are left as they are.

import { arrived, board, by, listOf, recount } from "./board.js";
import { announce } from "./live.js";

const EVERY_MS = 8000;
const AT_MOST_MS = 120000;
const shelf = document.getElementById("toasts");

let since = board?.dataset.since ?? "";
let wait = EVERY_MS;
let timer;

const inHand = (card) => card.matches('.is-held, .card-ghost, .sortable-chosen, [aria-busy="true"]');

// What was moved while its card was in hand is shown once it is let go.
const late = new Map();

function put(id, change) {
  const there = document.getElementById(`card-${id}`);
  const card = change.querySelector(".card-item");
  if (there && (inHand(there) || board.classList.contains("is-dragging"))) {
    late.set(id, change);
    return "";
  }
  late.delete(id);
  if (!card) {
    there?.remove();
    return "";
  }
  if (there?.dataset.version === card.dataset.version) return "";
  const focused = there?.contains(document.activeElement);
  const fresh = document.importNode(card, true);
  if (there) there.replaceWith(fresh);
  // Somebody new to this board, or further down than was loaded, comes in at the top.
  else if (fresh.dataset[by]) listOf(fresh.dataset[by])?.prepend(fresh);
  if (focused) fresh.querySelector(".card-link").focus();
  return change.dataset.said;
}

function show(body) {
  const page = new DOMParser().parseFromString(body, "text/html");
  const many = page.querySelector("[data-many]");
  if (many && !shelf.querySelector("[data-many]")) shelf.append(document.adoptNode(many));
  const said = [...page.querySelectorAll("[data-change]")]
    .map((change) => put(change.dataset.change, change))
    .filter(Boolean);
  for (const head of page.querySelectorAll(".column-head")) {
    document.getElementById(head.id)?.replaceWith(document.importNode(head, true));
  }
  arrived();
  recount();
  // One sentence is heard; ten are noise.
  if (said.length) announce(said.length > 3 ? said.slice(-3).join(" ") : said.join(" "));
}

async function look() {
  for (const [id, change] of late) put(id, change);
  const address = new URLSearchParams(location.search);
  address.set("since", since);
  const response = await fetch(`/funnel/changes?${address}`, {
    headers: { "HX-Request": "true" },
    credentials: "same-origin",
  });
  if (response.status === 401) return false;
  if (!response.ok) throw new Error(response.status);
  since = response.headers.get("X-Since") ?? since;
  if (response.status === 200) show(await response.text());
  return true;
}

async function turn() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    if (!(await look())) return;
    wait = EVERY_MS;
  } catch {
    wait = Math.min(wait * 2, AT_MOST_MS);
  }
  timer = setTimeout(turn, wait);
}

if (board && shelf) {
  timer = setTimeout(turn, since ? EVERY_MS : 0);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) turn();
  });
  shelf.addEventListener("click", (event) => {
    if (event.target.closest("[data-reloads]")) location.reload();
  });
}
