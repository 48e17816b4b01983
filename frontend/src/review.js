// The review by keyboard: one key for each decision, before any shortcut of the other pages. What
// takes words opens, and has the focus in its first field.

const card = document.querySelector("[data-review]");

function byKey(key) {
  return document.querySelector(`[data-review-key~="${CSS.escape(key)}"]`);
}

function enter(box) {
  if (!box?.open) return;
  const field = box.querySelector("[aria-invalid]") ?? box.querySelector("select, input:not([type=hidden])");
  field?.focus();
  // With its button, not only its first field.
  box.querySelector("form").scrollIntoView({ block: "nearest" });
}

/** Why is needed where the stage goes back, or beyond the evidence: said before it is sent. */
function mark(stage) {
  const why = stage.form.elements.reason;
  why.required = stage.selectedOptions[0]?.hasAttribute("data-wants-why") ?? false;
}

function submit(event) {
  if (event.key !== "Enter" || !event.target.matches("select")) return;
  event.preventDefault();
  const form = event.target.form;
  form.requestSubmit(form.querySelector("button"));
}

function decide(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  const wanted = /^[a-z]$/i.test(event.key) && byKey(event.key.toLowerCase());
  if (!wanted) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  wanted.click();
  // At once, not with the event that comes later: the next key is a letter of a word.
  enter(wanted.closest("details"));
}

if (card) {
  if (document.body.dataset.keys !== "off") window.addEventListener("keydown", decide, true);
  const stage = card.querySelector("#move-stage");
  if (stage) {
    mark(stage);
    stage.addEventListener("change", () => mark(stage));
  }
  card.addEventListener("keydown", submit);
  for (const one of card.querySelectorAll("details")) {
    enter(one);
    one.addEventListener("toggle", () => {
      if (!one.open) return;
      for (const other of card.querySelectorAll("details[open]")) {
        if (other !== one) other.open = false;
      }
      if (!one.contains(document.activeElement) || document.activeElement.matches("summary")) enter(one);
    });
    // Out of the fields again, so that the keys decide anew.
    one.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      one.open = false;
      one.querySelector("summary").focus();
    });
  }
}
