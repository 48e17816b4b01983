// The line of quick log: what the server understands of it stands below it as chips. A chip that is
// taken away puts its words back; Enter never waits for any of this, for the server reads the line
// again when it saves.

import htmx from "htmx.org/dist/htmx.esm.js";

const READ = ["kind", "direction", "channel", "activity", "happened_on"];
const QUIET = 250;

/**
 * Wire a form's line.
 * @param {{form: HTMLFormElement, meet: (person: {relationship: string, name: string}) => void,
 *          leave: () => void}} parts
 *   `meet` hears whom the line names, `leave` that it names nobody.
 */
export function lines({ form, meet, leave }) {
  const field = form.elements.summary;
  const said = form.querySelector("[data-line]");
  const kept = form.querySelector("[data-refused]");
  // What the form held before the line spoke.
  const before = new Map();
  let timer;
  let latest = 0;

  const byHand = () => form.elements.chosen.value.split(",").filter(Boolean);
  const refused = () => [...kept.children].map((input) => input.value);

  function choose(...names) {
    form.elements.chosen.value = [...new Set([...byHand(), ...names])].join();
  }

  function tell(understood) {
    for (const name of READ) {
      if (byHand().includes(name)) continue;
      const control = form.elements.namedItem(name);
      const value = understood?.dataset[name];
      if (value !== undefined) {
        if (!before.has(name)) before.set(name, control.value);
        control.value = value;
      } else if (before.has(name)) {
        control.value = before.get(name);
        before.delete(name);
      }
    }
    if (understood?.dataset.relationship) meet(understood.dataset);
    else if (!form.dataset.relationship || form.dataset.byLine) leave();
  }

  async function read() {
    clearTimeout(timer);
    const turn = ++latest;
    const text = field.value.trim();
    if (!text) {
      said.replaceChildren();
      tell(null);
      return;
    }
    const about = form.dataset.byLine ? "" : form.dataset.relationship ?? "";
    const asked = new URLSearchParams({ text, about });
    for (const token of refused()) asked.append("refused", token);
    let response;
    try {
      response = await fetch(`/log/line?${asked}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    } catch {
      return;
    }
    if (!response.ok || turn !== latest) return;
    const body = await response.text();
    await htmx.swap({ sourceElement: said, target: said, swap: "innerHTML", text: body });
    if (turn === latest) tell(said.querySelector("[data-understood]"));
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    // An answer under way speaks of another text.
    latest += 1;
    timer = setTimeout(read, QUIET);
  });
  form.addEventListener("change", ({ target }) => {
    if (READ.includes(target.name)) choose(target.name);
    if (target.name === "activity") choose("kind", "channel");
  });
  said.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-refuse]");
    if (!chip) return;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "refused";
    input.value = chip.dataset.refuse;
    kept.append(input);
    field.focus();
    read();
  });

  function forget() {
    clearTimeout(timer);
    latest += 1;
    before.clear();
    kept.replaceChildren();
    said.replaceChildren();
    form.elements.chosen.value = "";
  }

  return { read, choose, forget };
}
