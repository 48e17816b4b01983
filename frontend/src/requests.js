// Every request of this script carries the CSRF token, and none fails in silence.

import { text } from "./strings.js";
import { toast } from "./toasts.js";

const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** POST these values as a form would, asking for a fragment. */
export function post(url, values) {
  return fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": token, "HX-Request": "true", "HX-Current-URL": location.href },
    body: new URLSearchParams(values),
    credentials: "same-origin",
  });
}

/** Send the reader where the answer says (a session that ended: the sign-in page). */
export function redirected(response) {
  const to = response.headers.get("HX-Redirect");
  if (to) location.assign(to);
  return Boolean(to);
}

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = token;
});

// Forms that come back with their faults (422) are swapped in and speak for themselves.
document.addEventListener("htmx:response:error", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.status === 422 || ctx.hx?.redirect) return;
  // Words come as plain text; markup (the card as it now stands) is not for reading out.
  const isPlain = ctx.response.headers.get("Content-Type")?.startsWith("text/plain");
  const body = isPlain && ctx.response.status < 500 ? ctx.text.trim() : "";
  toast(body && body.length < 300 ? body : ctx.response.status === 409 ? text("stale") : text("failed"), "danger");
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx) toast(text("offline"), "danger");
});
