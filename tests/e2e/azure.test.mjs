// Azure CNI, as a learner meets it: rules that tell two pools apart, and a node subnet that is full.
import assert from "node:assert/strict";
import { app } from "./harness.mjs";

const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const panel = (page) => page.getByRole("tabpanel").first();
const things = (page) => page.getByRole("list", { name: "Build" });

async function fill(form, fields) {
  for (const [label, value] of Object.entries(fields)) {
    const field = form.getByLabel(label, { exact: true }).first();
    await ((await field.evaluate((e) => e.tagName)) === "SELECT" ? field.selectOption(value) : field.fill(value));
  }
}

/** Opens a form of the Build tab, sets some fields, and sends it. */
async function create(page, name, fields = {}) {
  await tab(page, "Build").click();
  await page.getByRole("button", { name, exact: true }).first().click();
  const form = page.getByRole("form", { name });
  const more = form.getByRole("button", { name: "More settings" });
  if (await more.count() && await more.getAttribute("aria-expanded") === "false") await more.click();
  await fill(form, fields);
  await form.getByRole("button", { name, exact: true }).click();
  await form.waitFor({ state: "detached" });
}

/** Opens a row of the list, unless what can be done with it is shown already. */
async function openRow(page, row, button) {
  const deed = page.getByRole("button", { name: button, exact: true }).first();
  if (!await deed.isVisible()) await things(page).getByText(row, { exact: true }).first().click();
  await deed.waitFor();
}

const settle = (page) => page.getByRole("button", { name: "Settle", exact: true }).click();

app("rules tell the pods of two pools apart", { timeout: 180_000 }, async ({ page, axe, shot }) => {
  await create(page, "Create VNet", { Name: "whkubenet", "Address space": "10.9.0.0/16" });
  for (const [name, prefix] of [["podvlan", "10.9.0.0/22"], ["nodevlan", "10.9.4.0/24"], ["podvlan2", "10.9.8.0/22"]]) {
    await create(page, "Create subnet", { VNet: "whkubenet", Name: name, Prefix: prefix });
  }
  await create(page, "Create cluster", {
    Name: "akscni", Network: "pod-subnet", Subnet: "whkubenet/nodevlan", "Pod subnet": "whkubenet/podvlan",
  });
  await settle(page);
  await things(page).getByText("akscni").first().click();
  await things(page).getByRole("button", { name: "Add node pool" }).first().click();
  const pool = page.getByRole("form", { name: "Add node pool" });
  await fill(pool, { Cluster: "akscni", Name: "newnodepool", Subnet: "whkubenet/nodevlan" });
  await pool.locator("select").nth(2).selectOption("whkubenet/podvlan2");
  await pool.getByRole("button", { name: "Add node pool" }).click();
  await settle(page);
  await create(page, "Create deployment", { Cluster: "akscni", Name: "probe", Replicas: "12" });
  await settle(page);
  await create(page, "Create NSG", { Name: "aksnsg" });
  await shot("built");
  await axe(".build");
  const rule = { NSG: "aksnsg", Direction: "Inbound", Protocol: "Icmp", Destination: "10.9.4.0/24" };
  await openRow(page, "aksnsg", "Add or change rule");
  await create(page, "Add or change rule", { ...rule, Name: "icmp_permit", Access: "Allow", Priority: "200", Source: "10.9.0.0/22" });
  await openRow(page, "aksnsg", "Add or change rule");
  await create(page, "Add or change rule", { ...rule, Name: "icmp_deny", Access: "Deny", Priority: "300", Source: "10.9.8.0/22" });
  await openRow(page, "aksnsg", "Attach NSG");
  await create(page, "Attach NSG", { "Subnet or NIC": "subnet:whkubenet/nodevlan" });
  await tab(page, "Send").click();
  // What is offered for the beginning of an address is a pod of the second pool.
  await page.getByRole("combobox", { name: "From" }).fill("10.9.8.");
  await page.getByRole("option").filter({ hasText: "10.9.8." }).first().click();
  await page.getByRole("combobox", { name: "To" }).fill("10.9.4.4");
  await page.keyboard.press("Escape");
  await panel(page).getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("button", { name: "Last step" }).click();
  await panel(page).getByText("It got no answer").waitFor();
  await page.getByRole("button", { name: "Last step" }).focus();
  await page.keyboard.press("End");
  const why = await page.locator(".right").innerText();
  assert.match(why, /icmp_deny/, "the rule that denies is named");
  await shot("denied");
  await axe();
});

app("a full node subnet leads to a pod subnet", { timeout: 120_000 }, async ({ page, axe, shot }) => {
  await create(page, "Create VNet", { Name: "small", "Address space": "10.9.0.0/16" });
  await create(page, "Create subnet", { VNet: "small", Name: "nodes", Prefix: "10.9.0.0/26" });
  await page.getByRole("button", { name: "Create cluster", exact: true }).first().click();
  const form = page.getByRole("form", { name: "Create cluster" });
  await fill(form, { Network: "azure-transparent", Subnet: "small/nodes", Nodes: "3" });
  await form.getByText(/Pre-allocated IPs 93 exceeds IPs available 59/).waitFor();
  await shot("refused");
  await axe(".build");
  await form.getByRole("button", { name: "Give pods a subnet of their own" }).click();
  assert.equal(await form.getByLabel("Network", { exact: true }).inputValue(), "pod-subnet");
  await form.getByRole("button", { name: "Create cluster", exact: true }).click();
  await form.waitFor({ state: "detached" });
  await settle(page);
  await things(page).getByText("for pods only").first().waitFor();
  await shot("solved");
  assert.equal(await panel(page).count(), 1);
});
