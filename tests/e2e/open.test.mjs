import assert from "node:assert/strict";
import { app, each, themes } from "./harness.mjs";

each({ theme: themes }, (options) => app(`opens in a ${options.theme} theme`, options, async ({ page, axe, shot }) => {
  await page.getByRole("main").waitFor();
  assert.notEqual(await page.title(), "");
  await axe();
  await shot();
}));
