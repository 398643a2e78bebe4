import type { Limits } from "./limits.js";
import { Violation } from "./violation.js";
import { DEFAULT_FRAME, DEFAULT_TABLE, DEFAULT_WINDOW, MAX_31, MAX_FRAME, readUint32, Setting } from "./wire.js";

const ENTRY = 6;

/** What the peer has told us about itself: RFC 9113, section 6.5.2. */
export class PeerSettings {
  headerTableBytes = DEFAULT_TABLE;
  maxConcurrentStreams: number | undefined = undefined;
  initialWindow = DEFAULT_WINDOW;
  maxFrameBytes = DEFAULT_FRAME;
  maxHeaderListBytes = Number.POSITIVE_INFINITY;

  /**
   * Takes over the payload of a SETTINGS frame, entry by entry. Unknown settings are ignored.
   *
   * @param fromServer a server may not allow us to push
   */
  apply(bytes: Uint8Array, start: number, end: number, maxEntries: number, fromServer: boolean): Violation | undefined {
    if ((end - start) % ENTRY !== 0) return Violation.FrameSize;
    if (end - start > maxEntries * ENTRY) return Violation.SettingsFlood;
    for (let at = start; at < end; at += ENTRY) {
      const id = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      const violation = this.#set(id, readUint32(bytes, at + 2), fromServer);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  #set(id: number, value: number, fromServer: boolean): Violation | undefined {
    switch (id) {
      case Setting.HeaderTableSize:
        this.headerTableBytes = value;
        return undefined;
      case Setting.EnablePush:
        return value > (fromServer ? 0 : 1) ? Violation.SettingsValue : undefined;
      case Setting.MaxConcurrentStreams:
        this.maxConcurrentStreams = value;
        return undefined;
      case Setting.InitialWindowSize:
        if (value > MAX_31) return Violation.SettingsWindow;
        this.initialWindow = value;
        return undefined;
      case Setting.MaxFrameSize:
        if (value < DEFAULT_FRAME || value > MAX_FRAME) return Violation.SettingsValue;
        this.maxFrameBytes = value;
        return undefined;
      case Setting.MaxHeaderListSize:
        this.maxHeaderListBytes = value;
        return undefined;
      default:
        return undefined;
    }
  }
}

/** Our settings, identifiers and values by turns, as far as they are not the protocol's own. */
export function ourSettings(limits: Limits, server: boolean): number[] {
  const settings = server ? [Setting.MaxConcurrentStreams, limits.maxConcurrentStreams] : [Setting.EnablePush, 0];
  settings.push(Setting.InitialWindowSize, limits.streamWindowBytes);
  settings.push(Setting.MaxHeaderListSize, limits.maxHeaderListBytes);
  if (limits.maxTableBytes !== DEFAULT_TABLE) settings.push(Setting.HeaderTableSize, limits.maxTableBytes);
  if (limits.maxFrameBytes !== DEFAULT_FRAME) settings.push(Setting.MaxFrameSize, limits.maxFrameBytes);
  return settings;
}
