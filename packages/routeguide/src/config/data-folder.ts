import { posix, win32 } from "node:path";

/** What decides where a user's data lies. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Where this user's data of routeguide lies. Sources: the XDG base directory specification, Apple's file system guide,
 * Windows' known folders.
 */
export function dataFolder({ platform, home, env }: Machine): string {
  if (platform === "win32")
    return win32.join(env["LOCALAPPDATA"] || win32.join(home, "AppData", "Local"), "routeguide");
  const xdg = env["XDG_DATA_HOME"];
  // The specification says to ignore a relative path.
  if (xdg !== undefined && posix.isAbsolute(xdg)) return posix.join(xdg, "routeguide");
  if (platform === "darwin") return posix.join(home, "Library", "Application Support", "routeguide");
  return posix.join(home, ".local", "share", "routeguide");
}
