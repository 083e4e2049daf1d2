// The lab: stepping, keys, the drawing, the inspector.
import assert from "node:assert/strict";
import { app, clipped, each, scrollsSideways, sizes, themes } from "./harness.mjs";

const title = (page) => page.locator(".right h2").first().innerText();
const count = (page) => page.locator(".right .kicker").first().innerText();

app("one press steps", async ({ page, shot }) => {
  await page.getByRole("button", { name: /^.*Step/ }).first().click();
  assert.match(await count(page), /step 1 of/i);
  assert.equal(await page.locator(".packet").count(), 1);
  await shot("first step");
});

app("keys walk and stop at the ends", async ({ page }) => {
  for (const key of ["Space", "ArrowRight", "PageDown", "n"]) await page.keyboard.press(key);
  assert.match(await count(page), /step 4 of/i);
  for (const key of ["Shift+Space", "ArrowLeft", "PageUp", "p"]) await page.keyboard.press(key);
  assert.match(await count(page), /step 0 of/i);
  await page.keyboard.press("ArrowLeft");
  assert.match(await count(page), /step 0 of/i);
  await page.keyboard.press("End");
  const end = await count(page);
  await page.keyboard.press("Space");
  assert.equal(await count(page), end);
});

app("keys are left to form fields", async ({ page }) => {
  await page.locator(".left input").first().focus();
  await page.keyboard.type("n n");
  assert.match(await count(page), /step 0 of/i);
});

app("back restores what was shown", async ({ page }) => {
  for (let n = 0; n < 14; n++) await page.keyboard.press("Space");
  const [before, tables] = [await title(page), await page.locator(".right .tab-panel").innerText()];
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await title(page), before);
  assert.equal(await page.locator(".right .tab-panel").innerText(), tables);
});

app("the winning route is first and marked", async ({ page, shot }) => {
  await page.getByRole("button", { name: "UDR", exact: true }).click();
  assert.match(await page.locator(".right tbody tr").first().innerText(), /^User/);
  assert.equal(await page.locator(".right tbody tr").first().getAttribute("class"), "won");
  await shot("effective route");
});

app("the drawing is one stop of the Tab key", async ({ page }) => {
  assert.equal(await page.locator(".scene [tabindex='0']").count(), 1);
  await page.locator(".scene [tabindex='0']").focus();
  for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".scene [aria-pressed='true']").count() > 0, true);
  assert.match(await count(page), /picked/i);
});

app("help lists the keys and who judged what, and gives the keys back", async ({ page, axe, shot }) => {
  await page.keyboard.press("?");
  assert.equal(await page.getByRole("dialog").isVisible(), true);
  await page.getByText("How far to trust what is shown").click();
  await page.getByText("the Linux kernel, in random scenarios").first().waitFor();
  await axe(".help");
  await shot("trust");
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.keyboard.press("Space");
  assert.match(await count(page), /step 1 of/i);
});

app("the theme is kept", { theme: "light" }, async ({ page }) => {
  await page.keyboard.press("d");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.reload({ waitUntil: "networkidle" });
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
});

const within = (page, selector) => page.locator(selector).first().evaluate((element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight + 1;
});

each({ size: ["1093x614", "1024x768", "900x600", "720x450", "390x844", "320x640"] }, (options) =>
  app(`the transport and the sentence are in view at ${options.size}`, options, async ({ page, shot }) => {
    await page.getByRole("tab", { name: "Build" }).waitFor();
    for (let n = 0; n < 14; n++) {
      for (const part of [".transport .step", ".sentence"]) assert.ok(await within(page, part), `${part} at step ${n}`);
      await page.keyboard.press("Space");
      await page.waitForTimeout(30);
    }
    await shot();
  }));

app("nothing moves at the first step", async ({ page }) => {
  await page.getByRole("tab", { name: "Build" }).waitFor();
  const where = () => page.locator(".scene").evaluate((scene) => JSON.stringify(scene.getBoundingClientRect()));
  const before = await where();
  for (let n = 0; n < 5; n++) {
    await page.keyboard.press("Space");
    assert.equal(await where(), before);
  }
});

app("playing ends when somebody steps, and at the end for good", async ({ page }) => {
  const play = page.locator(".transport").getByRole("button", { name: /^(Play|Pause)$/ });
  for (const key of ["ArrowLeft", "Home", "Space"]) {
    await page.keyboard.press("End");
    await play.click();
    assert.equal(await play.innerText(), "Pause");
    await page.keyboard.press(key);
    assert.equal(await play.innerText(), "Play", key);
  }
  await play.click();
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  assert.equal(await play.innerText(), "Play", "it does not begin again by itself");
  assert.match(await count(page), /step 0 of/i);
});

app("time that passes is no step of a packet, and stays where it is", async ({ page }) => {
  await page.getByRole("button", { name: "+10 s" }).click();
  const now = () => page.locator(".clock .now").innerText();
  const shown = async () => [await title(page), await page.locator(".sentence").innerText(), await now()];
  const before = await shown();
  assert.equal(before[0], "Wait 10 s");
  assert.match(before[1], /^Done: /);
  await page.getByLabel("Every step").check();
  await page.getByLabel("Every step").uncheck();
  assert.deepEqual(await shown(), before);
});

app("what was picked with the mouse leaves the keys to the packet", async ({ page }) => {
  await page.locator(".scene .object.routes").click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  assert.match(await count(page), /step 2 of/i);
});

app("without every step the decision before is shown", async ({ page }) => {
  await page.getByLabel("Every step").check();
  for (let n = 0; n < 9; n++) await page.keyboard.press("Space");
  await page.getByLabel("Every step").uncheck();
  assert.match(await count(page), /step 3 of/i);
  const shown = async () => [await title(page), await page.locator(".sentence").innerText()];
  const [before, now] = [await shown(), await count(page)];
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowLeft");
  assert.deepEqual([await shown(), await count(page)], [before, now]);
});

app("every step shows ARP", async ({ page, shot }) => {
  await page.getByLabel("Every step").check();
  for (let n = 0; n < 10; n++) await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator(".packet.arp").count() > 0, true);
  await shot("arp");
});

each({ size: sizes, theme: themes }, (o) => app(`fits and reads well at ${o.size} ${o.theme}`, o, async ({ page, axe, shot }) => {
  for (let n = 0; n < 14; n++) await page.keyboard.press("Space");
  assert.equal(await scrollsSideways(page), false);
  assert.deepEqual(await clipped(page), []);
  await axe();
  await shot("effective route");
}));
