// Whoever comes in for the first time finds the time zone of her browser chosen already.

for (const select of document.querySelectorAll("[data-own-zone] select")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isThere = [...select.options].some((option) => option.value === zone);
  // A form that came back keeps what she chose.
  if (isThere && !document.querySelector(".is-invalid")) select.value = zone;
}
