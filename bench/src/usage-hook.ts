/** Loaded into each server that is measured: tells the process that started it what it has used so far. */
export interface Usage {
  /** User and kernel time since the start, in seconds. */
  readonly cpuSeconds: number;
  /** The most resident memory there ever was, in MiB. */
  readonly peakMiB: number;
}

process.on("message", (message) => {
  if (message !== "usage") return;
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpuSeconds: (user + system) / 1e6, peakMiB: process.resourceUsage().maxRSS / 1024 };
  process.send?.({ usage });
});
// The server ends when it is told to, not when nobody measures it any more.
process.channel?.unref();
