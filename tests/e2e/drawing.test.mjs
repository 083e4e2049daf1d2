// The drawing as it is seen: words clear of each other and of wires in every mode, and the packet never hidden.
import assert from "node:assert/strict";
import { app, each, scrollsSideways } from "./harness.mjs";

const modes = { kubenet: null, bridge: /bridge mode/, transparent: /transparent mode/, "pod subnets": /pod subnets/ };

/** Opens the example of a mode. The first one is open already. */
async function open(page, mode) {
  await page.getByRole("tab", { name: "Build", exact: true }).waitFor();
  if (modes[mode] === null) return;
  const list = page.locator("details.examples");
  if (!(await list.evaluate((e) => e.open))) await list.locator("summary").click();
  await list.getByRole("button", { name: modes[mode] }).click();
  await page.getByText("Something else was here before.").waitFor();
}

/** What is wrong with the words of the drawing as they stand now. */
const unclear = (page) => page.evaluate(() => {
  const scene = document.querySelector(".scene");
  const whole = scene.getBoundingClientRect();
  const words = [...scene.querySelectorAll(".still text")].filter((e) => e.textContent.trim()).map((e) => {
    const { left, right, top, bottom } = e.getBoundingClientRect();
    // The height of a line is more than that of its letters.
    const spare = (bottom - top) * 0.2;
    return { text: e.textContent.trim(), left, right, top: top + spare, bottom: bottom - spare };
  });
  const meet = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  const faults = [];
  words.forEach((a, n) => {
    if (a.left < whole.left || a.right > whole.right || a.top < whole.top || a.bottom > whole.bottom) faults.push(`outside: ${a.text}`);
    words.slice(n + 1).filter((b) => meet(a, b)).forEach((b) => faults.push(`"${a.text}" on "${b.text}"`));
  });
  const screen = scene.getScreenCTM();
  for (const path of scene.querySelectorAll(".wires path")) {
    const points = path.getAttribute("d").slice(1).split("L").map((p) => {
      const [x, y] = p.split(" ").map(Number);
      return new DOMPoint(x, y).matrixTransform(screen);
    });
    points.slice(1).forEach((b, n) => {
      const a = points[n];
      const piece = { left: Math.min(a.x, b.x) - 1, right: Math.max(a.x, b.x) + 1, top: Math.min(a.y, b.y) - 1, bottom: Math.max(a.y, b.y) + 1 };
      words.filter((word) => meet(word, piece)).forEach((word) => faults.push(`a wire through "${word.text}"`));
    });
  }
  return [...new Set(faults)];
});

each({ mode: Object.keys(modes), size: ["1440x900", "1280x720", "390x844"], lang: ["en", "zh-CN"] }, ({ mode, ...options }) => {
  if (options.lang !== "en" && (options.size !== "1280x720" || mode !== "kubenet")) return;
  app(`words of ${mode} are clear at ${options.size} ${options.lang}`, options, async ({ page, shot }) => {
    if (options.lang === "en") await open(page, mode);
    await shot();
    assert.deepEqual(await unclear(page), []);
  });
});

/** What lies over the packet, or how it is out of sight. */
const hidden = (page) => page.evaluate(() => {
  const dot = document.querySelector(".packet:not(.waiting) .dot");
  if (!dot) return null;
  const { left, right, top, bottom } = dot.getBoundingClientRect();
  if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return `at ${left} ${top}, outside of the window`;
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return over?.closest(".canvas") ? null : `under ${over?.closest("[class]")?.className}`;
});

each({ size: ["390x844", "320x640"], terminal: [false, true] }, ({ terminal, size }) =>
  app(`nothing hides the packet at ${size}${terminal ? " with the terminal" : ""}`, { size, touch: true, timeout: 120_000 }, async ({ page, shot }) => {
    await page.getByRole("tab", { name: "Build" }).waitFor();
    if (terminal) {
      await page.keyboard.press("t");
      await page.getByRole("textbox", { name: "Command", exact: true }).waitFor();
      await page.evaluate(() => document.activeElement?.blur());
    }
    const all = Number((await page.locator(".scrub").getAttribute("max")));
    assert.ok(all > 10);
    for (let n = 0; n < all; n++) {
      await page.keyboard.press("Space");
      await page.waitForTimeout(20);
      assert.equal(await hidden(page), null, `step ${n + 1}`);
      if (n === 12) await shot("on the way");
    }
    for (let n = all; n > 0; n--) {
      await page.keyboard.press("ArrowLeft");
      await page.waitForTimeout(20);
      assert.equal(await hidden(page), null, `back at step ${n - 1}`);
    }
    assert.equal(await scrollsSideways(page), false);
  }));

/** How much of its own size the drawing has on the screen. */
const scale = (page) => page.evaluate(() => document.querySelector(".scene").getScreenCTM().a);

app("the drawing keeps its size over all steps", { size: "1440x900" }, async ({ page }) => {
  await page.getByRole("tab", { name: "Build" }).waitFor();
  const [size, boxes] = [await scale(page), await page.locator(".still").innerHTML()];
  const plain = (html) => html.replaceAll(/ tabindex="[^"]*"/g, "");
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press("Space");
    assert.equal(await scale(page), size, `step ${n + 1}`);
  }
  assert.equal(plain(await page.locator(".still").innerHTML()), plain(boxes));
});

app("the terminal leaves the drawing its room", { size: "1280x720" }, async ({ page, shot }) => {
  await page.getByRole("tab", { name: "Build" }).waitFor();
  await page.keyboard.press("t");
  await page.getByRole("textbox", { name: "Command", exact: true }).waitFor();
  await shot();
  assert.ok(await scale(page) > 0.75, `${await scale(page)}`);
});

/** Whether the packet is within what is seen of the drawing. */
const inCanvas = (page) => page.evaluate(() => {
  const [dot, canvas] = [".packet:not(.waiting) .dot", ".canvas"].map((e) => document.querySelector(e)?.getBoundingClientRect());
  if (!dot) return true;
  return dot.left >= canvas.left && dot.right <= canvas.right && dot.top >= canvas.top && dot.bottom <= canvas.bottom;
});

app("the drawing has sizes, and follows the packet in each", { size: "1280x720" }, async ({ page, axe, shot }) => {
  await page.getByRole("tab", { name: "Build" }).waitFor();
  const all = await scale(page);
  for (const size of [1.5, 2, 3]) {
    await page.keyboard.press("z");
    await page.getByRole("button", { name: `Size of the drawing: ${size}×` }).waitFor();
    const found = (await scale(page)) / all;
    assert.ok(Math.abs(found - size) < size * 0.08, `${found} and not ${size}`);
    await page.keyboard.press("Home");
    for (let n = 0; n < 20; n++) {
      await page.keyboard.press("Space");
      await page.waitForTimeout(20);
      assert.ok(await inCanvas(page), `${size}: out of sight at step ${n + 1}`);
    }
    if (size === 2) {
      await shot();
      await axe();
    }
  }
  assert.equal(await scrollsSideways(page), false);
  await page.getByRole("button", { name: "Size of the drawing: 3×" }).click();
  assert.equal(await scale(page), all);
});
