// The left panel (build, send, break, history), the address map, and what survives a reload.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { app, each, themes } from "./harness.mjs";

const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const panel = (page) => page.getByRole("tabpanel");

each({ theme: themes }, (options) => app(`builds a network by form in a ${options.theme} theme`, options, async ({ page, axe, shot }) => {
  await page.getByRole("button", { name: "Create VNet" }).click();
  const form = page.getByRole("form", { name: "Create VNet" });
  const prefix = form.getByRole("textbox", { name: "Address space" });
  await prefix.fill("10.0.0.0/33");
  await form.getByText("A prefix is 0 to 32 bits long.").waitFor();
  assert.equal(await prefix.getAttribute("aria-invalid"), "true");
  await shot("with a fault");
  await axe(".build");
  await form.getByRole("button", { name: /^Use / }).click();
  await form.getByRole("button", { name: "Create VNet" }).click();
  await page.getByRole("list", { name: "Build" }).getByText("vnet02").waitFor();
  await tab(page, "History").click();
  await page.getByRole("list", { name: "History" }).getByText("Create VNet vnet02").waitFor();
  await axe(".build");
}));

app("says at once everything that is wrong with a cluster", async ({ page, shot }) => {
  await page.getByRole("button", { name: "Create cluster" }).click();
  const form = page.getByRole("form", { name: "Create cluster" });
  await form.getByRole("textbox", { name: "Name" }).fill("my cluster");
  await form.getByRole("textbox", { name: "Pod CIDR" }).fill("10.0.0.0/16");
  for (const name of ["Name", "Pod CIDR"]) {
    const field = form.getByRole("textbox", { name });
    await field.and(page.locator("[aria-invalid=true]")).waitFor();
    const words = await field.evaluate((e) => e.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id)?.textContent).join(""));
    assert.ok(words.length > 20, `${name} says what is wrong`);
  }
  // The button says why it does nothing; pressed all the same, it leads to the first bad field.
  await form.getByRole("button", { name: "Create cluster" }).focus();
  await page.keyboard.press("Enter");
  await form.getByText("Correct these fields first: Name, Pod CIDR.").waitFor();
  assert.equal(await form.getByRole("textbox", { name: "Name" }).evaluate((e) => e === document.activeElement), true, "the first bad field has the focus");
  await shot();
});

app("breaks, sends the same packet again, and repairs", async ({ page, axe, shot }) => {
  await tab(page, "Break").click();
  await page.getByRole("button", { name: "Break: Detach the route table" }).click();
  await page.getByRole("button", { name: "Send the same packet again" }).click();
  await page.getByRole("button", { name: "Last step" }).click();
  await panel(page).getByText("It got no answer").waitFor();
  await shot("broken");
  await axe(".build");
  await page.getByRole("button", { name: "Repair: Detach the route table" }).click();
  await page.getByRole("button", { name: "Send the same packet again" }).click();
  await page.getByRole("button", { name: "Last step" }).click();
  await panel(page).getByText("It got its answer").waitFor();
});

app("picks ends of a packet by keyboard", async ({ page, axe }) => {
  await tab(page, "Build").focus();
  await page.keyboard.press("ArrowRight");
  const to = page.getByRole("combobox", { name: "To" });
  await to.fill("node/");
  await page.getByRole("option").first().waitFor();
  await axe(".build");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.match(await to.inputValue(), /^node\/aks-/);
  await panel(page).getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("button", { name: "Last step" }).click();
  await panel(page).getByText("It got its answer").waitFor();
  await to.fill("pod/nobody");
  await panel(page).getByText(/There is no pod named nobody/).waitFor();
});

app("what was undone stays in the history until it is done again, or something else is", async ({ page, axe, shot }) => {
  await tab(page, "History").click();
  const list = page.getByRole("list", { name: "History" });
  const [turns, undone] = [list.locator(".turn button"), list.locator(".undone")];
  const all = await turns.count();
  const words = await turns.last().locator(".said").innerText();
  const press = (name) => panel(page).getByRole("button", { name }).click();
  await press("Undo");
  await undone.first().waitFor();
  assert.equal(await turns.count() + await undone.count(), all);
  assert.equal(await undone.last().innerText(), words);
  await axe(".build");
  await shot();
  await press("Redo");
  await undone.first().waitFor({ state: "detached" });
  await press("Undo");
  await page.getByRole("button", { name: "+10 s" }).click();
  await undone.first().waitFor({ state: "detached" });
});

each({ mode: [/transparent mode/, /pod subnets/] }, ({ mode }) => app(`exhausts the subnet of ${mode.source}, and repairs it`, async ({ page, shot }) => {
  await tab(page, "Build").click();
  await page.locator("details.examples summary").click();
  await page.locator("details.examples").getByRole("button", { name: mode }).click();
  await page.getByText("Something else was here before.").waitFor();
  await tab(page, "Break").click();
  await page.getByRole("button", { name: "Break: Exhaust the subnet" }).click();
  await page.getByRole("button", { name: "Repair: Exhaust the subnet" }).waitFor();
  await shot();
  await page.getByRole("button", { name: "Repair: Exhaust the subnet" }).click();
  await page.getByRole("button", { name: "Break: Exhaust the subnet" }).waitFor();
}));

app("a sitting survives a reload", async ({ page }) => {
  await tab(page, "Send").click();
  await panel(page).getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("button", { name: "+60 s" }).click();
  await tab(page, "History").click();
  const turns = await page.getByRole("list", { name: "History" }).getByRole("listitem").count();
  await page.waitForFunction((n) => JSON.parse(localStorage.getItem("podhop.v1"))?.turn === n - 1, turns);
  await page.reload({ waitUntil: "networkidle" });
  await tab(page, "History").click();
  assert.equal(await page.getByRole("list", { name: "History" }).getByRole("listitem").count(), turns);
});

app("a page that is left at once keeps what was done last", async ({ page }) => {
  const before = await turns(page);
  await page.getByRole("button", { name: "+10 s" }).click();
  await page.reload({ waitUntil: "networkidle" });
  assert.equal(await turns(page), before + 1);
});

app("the slider over time keeps the second that was chosen", async ({ page }) => {
  const slider = page.locator("#addr-time");
  await slider.focus();
  await page.keyboard.press("Home");
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowRight");
  assert.equal(await slider.inputValue(), "3");
  assert.equal(await slider.evaluate((e) => e === document.activeElement), true);
  assert.doesNotMatch(await page.locator(".clock .now").innerText(), /settled/, "of the moment that is shown");
});

app("Escape closes a form that was opened", async ({ page }) => {
  const opener = page.getByRole("button", { name: "Create VNet" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("form", { name: "Create VNet" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("form", { name: "Create VNet" }).waitFor({ state: "detached" });
  assert.equal(await opener.evaluate((e) => e === document.activeElement), true);
});

app("a sitting that cannot be read is set aside and told of", async ({ page, shot }) => {
  // A page that is left before all of it has come calls off what it still fetches.
  await tab(page, "Build").waitFor();
  await page.evaluate(() => localStorage.setItem("podhop.v1", "{ not what it was"));
  await page.reload({ waitUntil: "networkidle" });
  await page.getByRole("alert").getByText(/put aside under podhop.aside/).waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("podhop.aside")), "{ not what it was");
  await tab(page, "History").click();
  assert.ok(await page.getByRole("list", { name: "History" }).getByRole("listitem").count() > 0, "the first example is open");
  await shot();
});

app("a sitting that brought the page down is not opened again", async ({ page }) => {
  await page.getByRole("button", { name: "+10 s" }).click();
  await page.waitForFunction(() => localStorage.getItem("podhop.v1"));
  await page.evaluate(() => localStorage.setItem("podhop.opening", "1"));
  await page.reload({ waitUntil: "networkidle" });
  await page.getByRole("alert").getByText(/did not come to an end/).waitFor();
  await page.reload({ waitUntil: "networkidle" });
  assert.equal(await page.getByRole("alert").count(), 0, "told once");
  assert.ok(await page.evaluate(() => localStorage.getItem("podhop.aside")), "kept aside");
});

const scrub = (page) => page.locator("input.scrub").evaluate((e) => [Number(e.value), Number(e.max)]);
const turns = async (page) => {
  await tab(page, "History").click();
  return page.getByRole("list", { name: "History" }).locator(".turn button").count();
};

app("shows at once what was built, and steps a packet by Space after it was sent", async ({ page }) => {
  const before = await turns(page);
  await tab(page, "Build").click();
  await page.getByRole("button", { name: "Create VNet" }).click();
  await page.getByRole("form", { name: "Create VNet" }).getByRole("button", { name: "Create VNet" }).click();
  await page.getByRole("button", { name: "+60 s" }).click();
  const [built, all] = await scrub(page);
  assert.equal(built, all, "time passed: its end is shown");
  await tab(page, "Send").click();
  await panel(page).getByRole("button", { name: "Send", exact: true }).click();
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("Space");
  assert.equal((await scrub(page))[0], 3, "Space steps on");
  assert.equal(await turns(page), before + 3, "and sends nothing");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  assert.equal(await turns(page), before + 1);
  await page.keyboard.press("Control+y");
  assert.equal(await turns(page), before + 2);
});

app("lets go of what was picked by Escape, and for the next packet", async ({ page }) => {
  const picked = page.getByRole("button", { name: /Back to the step/ });
  const bridge = page.getByRole("button", { name: /^Bridge/ }).first();
  await bridge.click();
  await picked.waitFor();
  await page.keyboard.press("Escape");
  await picked.waitFor({ state: "detached" });
  await bridge.click();
  await tab(page, "Send").click();
  await panel(page).getByRole("button", { name: "Send", exact: true }).click();
  await picked.waitFor({ state: "detached" });
});

app("a form that is opened has the focus, and gives it back", async ({ page }) => {
  await page.getByRole("tab", { name: "Build" }).waitFor();
  const opener = page.locator(".left").getByRole("button", { name: "Create NSG" }).first();
  await opener.focus();
  await page.keyboard.press("Enter");
  const focused = () => page.evaluate(() => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    return [document.activeElement.tagName, top >= 0 && bottom <= innerHeight];
  });
  assert.deepEqual(await focused(), ["INPUT", true]);
  await page.locator(".left form").getByRole("button", { name: "Cancel" }).click();
  assert.equal(await opener.evaluate((e) => e === document.activeElement), true);
});

app("opens examples by a press, and brings back what was there", async ({ page, axe, shot }) => {
  for (const name of [/bridge mode/, /transparent mode/, /pod subnets/, /An empty page/]) {
    await tab(page, "Build").click();
    const list = page.locator("details.examples");
    if (!(await list.evaluate((e) => e.open))) await list.locator("summary").click();
    if (name.source === "bridge mode") {
      await shot("examples");
      await axe(".build");
    }
    await list.getByRole("button", { name }).click();
    await page.getByText("Something else was here before.").waitFor();
    if (name.source !== "An empty page") assert.ok((await turns(page)) > 8, `${name} is open`);
  }
  assert.equal(await turns(page), 0);
  await page.getByRole("button", { name: "Bring it back" }).click();
  assert.ok((await turns(page)) > 8, "the example before it");
});

app("saves a file, opens it, and says where a bad one is wrong", async ({ page }) => {
  await tab(page, "History").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save" }).click()]);
  const saved = readFileSync(await download.path(), "utf8");
  assert.equal(JSON.parse(saved).schema, 1);
  const open = (content) => page.locator("input[type=file]").setInputFiles({ name: "mine.json", mimeType: "application/json", buffer: Buffer.from(content) });
  await open(saved.replace('"seed"', '"sed"'));
  await page.getByText(/mine.json was not opened.*Line 3/).waitFor();
  await open(saved);
  await page.getByText(/mine.json is open/).waitFor();
});

each({ theme: themes }, (options) => app(`shows whose each address is in a ${options.theme} theme`, options, async ({ page, axe, shot }) => {
  const addresses = page.getByRole("region", { name: "Addresses" });
  await addresses.getByText("2 of 1,019 used").waitFor();
  const grid = addresses.getByRole("grid", { name: "Addresses of 10.0.0.0/22" });
  await grid.getByRole("gridcell", { name: "10.0.0.0, reserved: network address" }).focus();
  for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowRight");
  await grid.getByRole("gridcell", { name: /^10.0.0.4, node, aks-/ }).and(page.locator(":focus")).waitFor();
  await addresses.getByText(/^since /).waitFor();
  await addresses.getByRole("textbox", { name: "Go to address" }).fill("10.0.3.255");
  await grid.getByRole("gridcell", { name: "10.0.3.255, reserved: last address" }).waitFor();
  await axe(".addresses");
  await shot();
}));

app("a large range is paged", async ({ page }) => {
  await page.getByRole("button", { name: "Create VNet" }).click();
  await page.getByRole("textbox", { name: "Address space" }).fill("20.0.0.0/8");
  await page.getByRole("form").getByRole("button", { name: "Create VNet" }).click();
  await page.getByRole("button", { name: "Create subnet", exact: true }).click();
  await page.getByRole("form").getByRole("combobox", { name: "VNet" }).selectOption("vnet02");
  await page.getByRole("textbox", { name: "Prefix" }).fill("20.0.0.0/8");
  await page.getByRole("form").getByRole("button", { name: "Create subnet" }).click();
  await page.getByRole("list", { name: "Build" }).getByRole("button", { name: /subnet vlan02/i }).waitFor();
  const picker = page.getByRole("combobox", { name: "Range" });
  await picker.selectOption({ label: "vlan02 · 20.0.0.0/8" });
  assert.equal(await page.getByRole("gridcell").count(), 256);
});
