// Where tabs are a row to push along, the chosen one is in sight when the page opens.

const chosen = document.querySelector(".nav-tabs.is-long .active");
if (chosen) {
  const row = chosen.closest(".nav-tabs");
  row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
}
