// What exactly was done says its kind and its channel; both stay open to change.

document.addEventListener("change", (event) => {
  const select = event.target.closest("select[data-sets]");
  const { kind, channel } = select?.selectedOptions[0]?.dataset ?? {};
  if (!kind) return;
  for (const [name, value] of Object.entries({ kind, channel })) {
    const control = select.form.elements.namedItem(name);
    // An ask is planned in a form of its own: where a choice lacks the value, it stays as it is.
    const before = control?.value;
    if (!control) continue;
    control.value = value;
    if (control.value !== value) control.value = before;
  }
});
