/** A headless Chromium for the tests, where there is one. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];
/** It needs no rights and calls nobody. */
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

const program = process.env["CHROMIUM"] ?? PLACES.find((path) => existsSync(path));

/** For tests that need it: why they are skipped, if they are. */
export const needsChromium = {
  skip: program === undefined ? "there is no Chromium here: install it, or name its program in CHROMIUM" : false,
};

/** @param flags beside the usual ones */
export function launchChromium(...flags: readonly string[]): Promise<Browser> {
  if (program === undefined) throw new Error("there is no Chromium here");
  return chromium.launch({ executablePath: program, args: [...FLAGS, ...flags] });
}
