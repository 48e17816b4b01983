// Small comforts of ordinary forms.

document.addEventListener("change", (event) => {
  // A filter is applied by choosing it; the button beside it is for those without script.
  const control = event.target.closest("[data-submits]");
  if (control) control.form.requestSubmit();

  // A file that is too large is said to be so before it is sent.
  const file = event.target.closest("[data-max-bytes]");
  if (file) {
    const tooLarge = [...file.files].some((one) => one.size > Number(file.dataset.maxBytes));
    file.setCustomValidity(tooLarge ? file.dataset.tooLarge : "");
    if (tooLarge) file.reportValidity();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "get" && form.hasAttribute("data-tidy")) {
    // Empty filters stay out of the address, so that it can be read and sent on.
    for (const control of form.elements) {
      if (control.name && !control.value) control.disabled = true;
    }
    setTimeout(() => {
      for (const control of form.elements) control.disabled = false;
    });
    return;
  }
  if (form.method === "post" && !form.hasAttribute("hx-post") && !event.defaultPrevented) {
    // A double click sends once.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  }
});

document.addEventListener("keydown", (event) => {
  // Ctrl+Enter saves from within a text of several lines.
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.target.form.requestSubmit();
  }
});
