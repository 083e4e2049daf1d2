// What comes after the first screen: stepping does without it, it arrives in its place, and where it cannot, the page
// says so and tries again. A build for development is not cut in two, so there is nothing to hold back there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { app } from "./harness.mjs";

const late = process.env.PODHOP_SPLIT ? app : (name) => test(name, { skip: "this build is not cut" });
const FILE = "**/panels-*.wasm";
const told = (page) => page.getByRole("slider", { name: "Position" }).getAttribute("aria-valuetext");
const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const allow = [/^request failed: .*panels-.*\.wasm/, /^console: (Failed to load resource|TypeError: Failed to fetch)/];
const refuse = (page) => page.route(FILE, (route) => route.abort());

let release;
const hold = (page) => {
  const released = new Promise((resolve) => { release = resolve; });
  return page.route(FILE, async (route) => { await released; await route.continue(); });
};

late("steps and plays before the rest has come", { before: hold, until: "load" }, async ({ page, shot, axe }) => {
  await page.getByText(/A packet from .* is ready to leave\./).waitFor();
  await page.getByRole("button", { name: /^.*Step/ }).first().click();
  assert.match(await told(page), /step 1 of/i);
  assert.equal(await page.locator(".packet").count(), 1);
  await page.keyboard.press("Space");
  assert.match(await told(page), /step 2 of/i);
  await page.locator(".hops [aria-current=step]").waitFor();
  await page.getByRole("button", { name: "Play", exact: true }).click();
  assert.match(await told(page), /step 3 of/i);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator(".left").innerText(), "Loading…");
  assert.equal(await page.locator(".right").innerText(), "Loading…");
  assert.doesNotMatch(await page.locator("body").innerText(), /\b(lab|hop|late|phase)-[a-z]/, "every word is there");
  await axe();
  await shot("before");
  release();
  await tab(page, "Build").waitFor();
  await page.locator(".right .kicker").getByText(/step 1 of/i).waitFor();
  assert.equal(await page.getByText("Loading…").count(), 0);
  await page.waitForFunction(() => JSON.parse(localStorage.getItem("podhop.v1"))?.step > 0);
  await shot("after");
});

late("says what could not be loaded, and tries again", { before: refuse, allow }, async ({ page, shot, axe }) => {
  await page.locator(".left").getByText(/could not be loaded/).waitFor();
  await page.keyboard.press("Space");
  assert.match(await told(page), /step 1 of/i);
  await axe();
  await shot("failed");
  await page.unroute(FILE);
  await page.locator(".left").getByRole("button", { name: "Try again" }).click();
  await tab(page, "Build").waitFor();
  await page.locator(".right .kicker").getByText(/step 1 of/i).waitFor();
});

late("keeps a sitting that it cannot open for want of a file", { allow }, async ({ page, shot }) => {
  for (let n = 0; n < 3; n++) await page.keyboard.press("Space");
  await page.waitForFunction(() => localStorage.getItem("podhop.v1"));
  const kept = await page.evaluate(() => localStorage.getItem("podhop.v1"));
  await refuse(page);
  await page.reload({ waitUntil: "networkidle" });
  await page.getByText(/sitting is kept, but/).waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("podhop.v1")), kept);
  await shot();
  await page.unroute(FILE);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".right .kicker").getByText(/step 3 of/i).waitFor();
});
