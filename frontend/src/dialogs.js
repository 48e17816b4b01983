// <dialog>s: data-opens="id" opens one, data-closes closes the one around it, and so does a
// click beside it. Focus goes back to where it came from: the browser sees to that.

/** Open it, unless it or another is open already. */
export function open(dialog) {
  if (!dialog || document.querySelector("dialog[open]")) return false;
  dialog.showModal();
  return true;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    // A link leads to the same form as a page of its own, for those without script.
    event.preventDefault();
    const dialog = document.getElementById(opener.dataset.opens);
    dialog.dispatchEvent(new CustomEvent("dialog:wanted", { detail: { opener } }));
    open(dialog);
    return;
  }
  if (event.target.closest("[data-closes]")) {
    // A fragment that closes its dialog may also stand on a page.
    event.target.closest("dialog")?.close();
  } else if (event.target.matches("dialog[open]")) {
    // The dialog's box is all filled by its children: a click on itself is on the backdrop.
    event.target.close();
  }
});
