// What every browser test shares. `cargo xtask e2e` starts the app's server and sets:
//   PODHOP_URL           address of the app
//   PODHOP_CHROMIUM      path of the browser
//   PODHOP_NODE_MODULES  folder with playwright-core and axe-core
//   PODHOP_SHOTS         folder for pictures
//   PODHOP_SH            path of the command line, whose `sh` is the terminal without a browser
//
// A test is one call; `page` is Playwright's, so elements are found by role and name:
//
//   import { app } from "./harness.mjs";
//   app("steps forward", { size: "390x844", theme: "dark" }, async ({ page, shot, axe }) => {
//     await page.getByRole("button", { name: "Next step" }).click();
//     await axe();
//     await shot("second step");
//   });
//
// It fails, whatever it checks itself, if the page logs an error, throws, asks another origin for anything, or
// breaks its Content-Security-Policy.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const needed = (name) => process.env[name] ?? assert.fail(`${name} is not set: run \`cargo xtask e2e\``);
const installed = createRequire(join(needed("PODHOP_NODE_MODULES"), "from-here.js"));
const { chromium } = installed("playwright-core");
const axeSource = readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");

/** Address of the app. */
export const url = needed("PODHOP_URL");
/** Sizes that every page is looked at in: a desk, a projector, a phone, and the narrowest that WCAG asks for. */
export const sizes = ["1440x900", "1280x720", "390x844", "320x640"];
export const themes = ["light", "dark"];
export const langs = ["en", "zh-CN"];

const AXE_RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
// No sandbox: it cannot start for root. The rest keeps the browser from talking to anybody but the app.
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

let browser, profile;
before(async () => {
  profile = mkdtempSync(join(tmpdir(), "podhop-e2e-"));
  const env = { ...process.env, XDG_CONFIG_HOME: profile };
  browser = await chromium.launch({ executablePath: needed("PODHOP_CHROMIUM"), args: FLAGS, env });
});
after(async () => {
  await browser?.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

/**
 * A test of the app in a page of its own, with nothing stored.
 *
 * Options: `size` "1280x720"; `theme` "light" or "dark"; `lang` "en"; `motion` "reduce" or "no-preference";
 * `contrast` "more"; `forcedColors` "active"; `touch` true; `scripts` false; `path` what comes after the app's
 * address, such as "#lesson=x"; `before` what to do with the page before it opens, and `until` how far it then
 * opens, "networkidle"; `allow` a list of patterns for console errors that the test provokes on purpose.
 */
export function app(name, options, run) {
  if (typeof options === "function") [options, run] = [{}, options];
  test(name, { timeout: options.timeout ?? 60_000 }, async () => {
    const context = await browser.newContext(contextOptions(options));
    const faults = [];
    try {
      const page = await context.newPage();
      await watch(context, page, faults);
      await options.before?.(page);
      await page.goto(url + (options.path ?? ""), { waitUntil: options.until ?? "networkidle" });
      const tools = { page, context, shot: (label) => shot(page, `${name} ${label ?? ""}`), axe: (where) => axe(page, where) };
      try {
        await run(tools);
      } catch (error) {
        await shot(page, `FAILED ${name}`).catch(() => {});
        // What the page complained of is often the cause.
        error.message += faults.map((fault) => `\n  the page: ${fault}`).join("");
        throw error;
      }
      // What the last click set off still gets its say.
      await page.waitForTimeout(50);
    } finally {
      await context.close();
    }
    const permitted = [...(options.allow ?? []), ...(options.scripts === false ? [/^request failed: .*\.js csp$/] : [])];
    const allowed = (fault) => permitted.some((pattern) => pattern.test(fault));
    refuse("faults that the page reported", faults.filter((fault) => !allowed(fault)));
  });
}

function refuse(what, list) {
  if (list.length > 0) throw new Error(`${what}:\n  ${[...new Set(list)].join("\n  ")}`);
}

/** The same test at each combination, such as `each({ size: sizes, theme: themes }, (o) => app(`fits ${o.size}`, o, ...))`. */
export function each(choices, define) {
  const all = Object.entries(choices).reduce(
    (sets, [key, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [key]: value }))), [{}]);
  all.forEach(define);
}

function contextOptions({ size = "1280x720", theme = "light", lang = "en", motion = "reduce", ...rest }) {
  const [width, height] = size.split("x").map(Number);
  return {
    viewport: { width, height }, colorScheme: theme, locale: lang, reducedMotion: motion,
    contrast: rest.contrast ?? "no-preference", forcedColors: rest.forcedColors ?? "none",
    hasTouch: rest.touch ?? false, javaScriptEnabled: rest.scripts ?? true,
    permissions: rest.permissions ?? [], acceptDownloads: true,
  };
}

function watch(context, page, faults) {
  const origin = new URL(url).origin;
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`page error: ${error}`));
  page.on("requestfailed", (request) => faults.push(`request failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("response", (reply) => reply.status() >= 400 && faults.push(`status ${reply.status()}: ${reply.url()}`));
  context.on("request", (request) => {
    const to = new URL(request.url());
    if (/^(http|ws)/.test(to.protocol) && to.origin !== origin) faults.push(`off origin: ${request.url()}`);
  });
  return page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => {
    console.error(`CSP violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  }));
}

/** Writes a picture of the page. */
async function shot(page, label) {
  const folder = needed("PODHOP_SHOTS");
  mkdirSync(folder, { recursive: true });
  const { width, height } = page.viewportSize();
  const name = `${label.trim().replaceAll(/[^\p{L}\p{N}]+/gu, "-")}-${width}x${height}.png`;
  await page.screenshot({ path: join(folder, name) });
}

/** Fails with every breach of WCAG 2.2 A and AA that axe finds on the page, or in the parts that `where` selects. */
async function axe(page, where) {
  // As a protocol command, which the page's policy does not stop, unlike a script element.
  await page.evaluate(axeSource);
  const run = ([include, values]) => axe.run(include ?? document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
  const { violations } = await page.evaluate(run, [where, AXE_RULES]);
  const list = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
  refuse("breaches of WCAG that axe found", list);
}

/** True if the page scrolls sideways. */
export const scrollsSideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);

/** Text that is cut off: elements that hide what does not fit, and hold more than fits. */
export const clipped = (page) => page.evaluate(() => [...document.querySelectorAll("body *")].filter((element) => {
  if (element.closest("svg") || element.children.length || !element.textContent.trim()) return false;
  const style = getComputedStyle(element);
  const hides = style.overflow === "hidden" && style.textOverflow !== "ellipsis" && element.clientWidth > 1;
  return hides && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
}).map((element) => element.textContent.trim().slice(0, 60)));
