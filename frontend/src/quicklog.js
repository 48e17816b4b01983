// Quick log: who, what kind, one line, Enter. What is half written survives a reload, in this
// tab alone: a note may be private, and the machine shared.

import htmx from "htmx.org/dist/htmx.esm.js";

import { combobox, lookup } from "./combobox.js";
import { open } from "./dialogs.js";
import { lines } from "./line.js";
import { text } from "./strings.js";

const dialog = document.getElementById("quick-log");

// Who signs in next need not be whose tab it was; on the way in it waits for either.
const { signedIn } = document.body.dataset;
const DRAFT = `quick-log-${signedIn}`;
for (const kept of signedIn ? Object.keys(sessionStorage) : []) {
  if (kept.startsWith("quick-log") && kept !== DRAFT) sessionStorage.removeItem(kept);
}

// What tells the server that one text is sent twice: a double click, a lost answer, a reload.
// Not randomUUID, which is missing where irm is reached without TLS.
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

function wire() {
  const form = dialog.querySelector("form");
  const after = dialog.querySelector("[data-after]");
  const errors = dialog.querySelector("[data-errors]");
  const who = form.querySelector("[data-who]");
  const picked = form.querySelector("[data-picked]");
  const list = form.querySelector("[role=listbox]");
  const { subject: hereId, subjectName: hereName } = document.body.dataset;
  // Today and the pages of people show what was just written, once they are loaded anew.
  const showsWhatWasLogged = document.body.hasAttribute("data-shows-interactions");
  let logged = false;

  function aim(id, name) {
    form.dataset.relationship = id;
    who.value = name;
    picked.hidden = !id;
    // Without somebody chosen the line itself may say who.
    form.setAttribute("hx-post", id ? `/relationships/${id}/interactions` : "/log");
  }

  const line = lines({
    form,
    meet: ({ relationship, name }) => {
      if (!form.dataset.byLine && who.value.trim()) return;
      aim(relationship, name);
      // The server asks the line again: it may name another one by then.
      form.setAttribute("hx-post", "/log");
      form.dataset.byLine = "1";
    },
    leave: () => {
      if (!form.dataset.byLine) return;
      delete form.dataset.byLine;
      aim("", "");
    },
  });

  function keep() {
    // Another text is another exchange, even where the answer to the first was lost.
    form.elements.request_key.value = newKey();
    const draft = Object.fromEntries(new FormData(form));
    delete draft.csrf_token;
    sessionStorage.setItem(DRAFT, JSON.stringify({
      ...draft, id: form.dataset.relationship ?? "", name: who.value,
    }));
  }

  function restore() {
    const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "{}");
    // On the page of a person quick log is about that person: another one's draft waits.
    if (hereId) aim(hereId, hereName);
    else aim(draft.id ?? "", draft.name ?? "");
    if (hereId && draft.id !== hereId) return;
    for (const [name, value] of Object.entries(draft)) {
      const control = form.elements.namedItem(name);
      if (control) control.value = value;
    }
    line.read();
  }

  // What a page suggests to log: its kind, its direction, and what exactly.
  function suggest({ kind, direction, activity }) {
    for (const [name, value] of Object.entries({ direction, kind, activity })) {
      if (!value) continue;
      form.elements[name].value = value;
      line.choose(name);
    }
  }

  function show(suggested) {
    form.hidden = false;
    after.hidden = true;
    errors.replaceChildren();
    form.reset();
    delete form.dataset.byLine;
    line.forget();
    form.elements.request_key.value = newKey();
    const { about, aboutName } = suggested?.dataset ?? {};
    // Another one's draft waits.
    if (about) aim(about, aboutName);
    else restore();
    suggest(suggested?.dataset ?? {});
    if (!open(dialog)) return;
    (form.dataset.relationship ? form.elements.summary : who).focus();
  }

  combobox({
    input: who,
    list,
    none: text("nobody"),
    find: lookup("/people"),
    take: (person) => {
      delete form.dataset.byLine;
      aim(person.relationship_id, person.name);
      line.read();
      keep();
      form.elements.summary.focus();
    },
  });
  // A whole line typed where only a name is asked for goes where it is understood.
  function passOn() {
    if (!/^@\S+\s+\S/.test(who.value)) return;
    form.elements.summary.value = `${who.value} ${form.elements.summary.value}`.trimEnd();
    who.value = "";
    form.elements.summary.focus();
    form.elements.summary.dispatchEvent(new Event("input", { bubbles: true }));
  }
  who.addEventListener("input", () => {
    delete form.dataset.byLine;
    form.dataset.relationship = "";
    picked.hidden = true;
    form.setAttribute("hx-post", "/log");
    passOn();
  });
  form.addEventListener("input", keep);
  // Before htmx sees it: half a name that was not chosen from the list is nobody.
  form.addEventListener("submit", (event) => {
    errors.replaceChildren();
    if (form.dataset.relationship || !who.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    errors.textContent = text("chooseSomebody");
    who.focus();
  }, true);

  dialog.addEventListener("htmx:after:swap", () => {
    if (!after.childElementCount) return;
    if (!after.hidden) {
      after.querySelector("button, a")?.focus();
      return;
    }
    logged = true;
    sessionStorage.removeItem(DRAFT);
    form.hidden = true;
    after.hidden = false;
    after.querySelector("button, a")?.focus();
  });
  dialog.addEventListener("close", () => {
    after.replaceChildren();
    if (logged && showsWhatWasLogged) location.reload();
    logged = false;
  });
  // The last answer of the conversation: where the page is loaded anew, its message waits there.
  after.addEventListener("htmx:config:request", ({ target, detail: { ctx } }) => {
    if (target.hasAttribute("data-last") && showsWhatWasLogged) ctx.request.body.set("back", "reload");
  });
  after.addEventListener("htmx:after:request", ({ target, detail: { ctx } }) => {
    if (target.hasAttribute("data-last") && ctx.response.status < 400) setTimeout(() => dialog.close());
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-quick-log]");
    if (opener) show(opener);
    // What is planned may stay as it is; on Today the row is left without its question.
    const leave = event.target.closest("[data-leaves-it]");
    if (leave && dialog.contains(leave)) dialog.close();
    else leave?.closest(".choices").remove();
  });
  htmx.process(form);
  return show;
}

/** Open quick log. */
export const quickLog = dialog ? wire() : () => {};
