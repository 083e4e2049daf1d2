// One sitting, as a learner has it: build a cluster, ping across nodes, walk to the end and back, break the route table,
// see where and why the packet dies, repair it, reload, and find everything as it was.
import assert from "node:assert/strict";
import { app } from "./harness.mjs";

const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const panel = (page) => page.getByRole("tabpanel").first();
const kicker = (page) => page.locator(".right .kicker").first().innerText();
const heading = (page) => page.locator(".right h2").first().innerText();
const inspector = (page) => page.locator(".right").innerText();

/** Opens a form of the Build tab, sets some fields, keeps what is suggested for the others, and sends it. */
async function create(page, name, fields = {}) {
  await tab(page, "Build").click();
  await page.getByRole("button", { name, exact: true }).first().click();
  const form = page.getByRole("form", { name });
  for (const [label, value] of Object.entries(fields)) {
    const field = form.getByLabel(label, { exact: true }).first();
    await ((await field.evaluate((e) => e.tagName)) === "SELECT" ? field.selectOption(value) : field.fill(value));
  }
  await form.getByRole("button", { name, exact: true }).click();
  await form.waitFor({ state: "detached" });
}

app("a sitting from an empty network to a mended cluster", { timeout: 120_000 }, async ({ page, axe, shot }) => {
  await create(page, "Create VNet", { Name: "lab", "Address space": "10.50.0.0/16" });
  await create(page, "Create subnet", { VNet: "lab", Name: "nodes" });
  await create(page, "Create cluster", { Subnet: "lab/nodes", Name: "aks02" });
  await page.getByRole("button", { name: "Settle", exact: true }).click();
  await page.getByRole("list", { name: "Build" }).getByText("aks02").first().waitFor();
  await shot("built");

  // The article's cluster is there too: its pods ping across its nodes.
  await tab(page, "Send").click();
  await page.getByRole("combobox", { name: "From" }).fill("10.244.1.3");
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "To" }).fill("10.244.0.6");
  await page.keyboard.press("Escape");
  await panel(page).getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("button", { name: "Last step" }).click();
  await panel(page).getByText("It got its answer").waitFor();

  await page.getByRole("button", { name: "Last step" }).focus();
  await page.keyboard.press("End");
  const end = await kicker(page);
  const [at, all] = end.match(/\d+/g).map(Number);
  assert.equal(at, all, "the walk is at its end");
  await page.keyboard.press("Home");
  assert.match(await kicker(page), /step 0 of/i);

  await tab(page, "Break").click();
  await page.getByRole("button", { name: "Break: Detach the route table" }).click();
  await page.getByRole("button", { name: "Send the same packet again" }).click();
  await page.getByRole("button", { name: "Last step" }).click();
  await panel(page).getByText("It got no answer").waitFor();
  await page.getByRole("button", { name: "Last step" }).focus();
  await page.keyboard.press("End");
  assert.match(await heading(page), /drop|none|route/i);
  const why = await inspector(page);
  assert.match(why, /10\.0\.0\.0\/8/, "the route that dropped it is named");
  assert.match(why, /None/, "with its next hop type");
  await axe();
  await shot("dropped");

  await page.getByRole("button", { name: "Repair: Detach the route table" }).click();
  await page.getByRole("button", { name: "Send the same packet again" }).click();
  await page.getByRole("button", { name: "Last step" }).click();
  await panel(page).getByText("It got its answer").waitFor();

  await page.keyboard.press("End");
  await tab(page, "History").click();
  const history = page.getByRole("list", { name: "History" });
  const before = [await history.innerText(), await kicker(page), await heading(page)];
  await page.waitForTimeout(1000);
  await page.reload({ waitUntil: "networkidle" });
  await tab(page, "History").click();
  assert.deepEqual([await history.innerText(), await kicker(page), await heading(page)], before, "a reload changes nothing");
});
