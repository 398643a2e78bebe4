// A headless Chromium, installed where that is possible without asking.
import { chromium } from "playwright-core";
import { succeed } from "../run.js";
import { Missing } from "../suite.js";
import { program } from "../tools.js";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
/**
 * It needs no rights and calls nobody. QUIC is off, or it would try what we do not speak; so is the question whether a page may use the
 * local network, which nobody is there to answer.
 */
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
  "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
];
const INSTALL = ["install", "--yes", "--no-install-recommends", "chromium"];

/** @throws {Missing} if there is none, and it cannot be installed */
export async function openChromium() {
  const executablePath = find() ?? (await install());
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

function find() {
  for (const name of NAMES) {
    try {
      return program(name);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
    }
  }
  return undefined;
}

async function install() {
  const missing = new Missing(`Chromium is not installed: apt-get ${INSTALL.join(" ")}`);
  if (process.getuid?.() !== 0) throw missing;
  try {
    const apt = program("apt-get");
    await succeed(apt, ["update"], { timeoutMs: 120_000 });
    await succeed(apt, INSTALL, { timeoutMs: 300_000 });
  } catch {
    throw missing;
  }
  return program("chromium");
}
