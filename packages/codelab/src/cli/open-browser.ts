import { spawn } from "node:child_process";

/** What opens an address in the browser that the user likes best. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>>> = {
  darwin: ["open"],
  // Its first argument is a window's title.
  win32: ["cmd", "/c", "start", '""'],
};

/** Opens an address; says so if that cannot be done. What was opened outlives the lab. */
export function openBrowser(url: string, onFailure: () => void): void {
  const [command, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  spawn(command, [...args, url], { stdio: "ignore", detached: true, windowsVerbatimArguments: true })
    .once("error", onFailure)
    .once("exit", (code) => {
      if (code !== 0) onFailure();
    })
    .unref();
}
