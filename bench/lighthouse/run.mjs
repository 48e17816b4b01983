// Audits pages in a browser: node run.mjs BROWSER COOKIE desktop|mobile URL…
// Prints a line of JSON for each: where it led, its scores, its bytes over the wire, its faults.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import desktop from "lighthouse/core/config/desktop-config.js";

const SCORES = ["performance", "accessibility", "best-practices"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The first page of a browser that just started is sometimes not traced: then once more. */
const TRIES = 3;

const [browser, cookie, form, ...urls] = process.argv.slice(2);

async function audit(url, port) {
  const flags = {
    port,
    logLevel: "error",
    onlyCategories: SCORES,
    extraHeaders: { Cookie: cookie },
  };
  const config = form === "desktop" ? desktop : undefined;
  let lhr;
  for (let at = 0; at < TRIES && (!lhr || lhr.runtimeError || lhr.categories.performance.score === null); at++) {
    ({ lhr } = await lighthouse(url, flags, config));
  }
  return lhr;
}

const chrome = await launch({ chromePath: browser, chromeFlags: FLAGS });
try {
  for (const url of urls) {
    const lhr = await audit(url, chrome.port);
    const scores = SCORES.map((name) => [name, Math.round(100 * lhr.categories[name].score)]);
    const requests = lhr.audits["network-requests"].details.items;
    const seen = {
      shown: lhr.finalDisplayedUrl,
      ...Object.fromEntries(scores),
      bytes: requests.reduce((sum, one) => sum + (one.transferSize ?? 0), 0),
      faults: Object.values(lhr.audits)
        .filter((one) => one.score !== null && one.score < 0.9)
        .map((one) => `${one.id} ${one.displayValue ?? ""}`.trim()),
    };
    console.log(JSON.stringify(seen));
  }
} finally {
  await chrome.kill();
}
