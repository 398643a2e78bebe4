/** Loaded into each server that is measured: tells the process that started it what it uses. */
import * as v8 from "node:v8";
import { runInNewContext } from "node:vm";

export interface Usage {
  /** User and kernel time since the start, in seconds. */
  readonly cpuSeconds: number;
  /** The most resident memory there ever was, in MiB. */
  readonly peakMiB: number;
}

/** What a server holds once the garbage collector has run. */
export interface Holdings {
  readonly heapBytes: number;
  /** Buffers, and what else lies outside of the heap but belongs to it. */
  readonly externalBytes: number;
  readonly residentBytes: number;
  /** Sockets that are connected. */
  readonly sockets: number;
  /** Timers that run. */
  readonly timers: number;
  /** Objects of the engine of @routeguide/grpc, whoever still holds them. */
  readonly h2Connections: number;
  readonly h2Streams: number;
}

// Collecting twice lets what finalizers release go too.
const COLLECTIONS = 2;

process.on("message", async (message) => {
  if (message === "usage") process.send?.({ usage: usage() });
  if (message === "holdings") process.send?.({ holdings: await holdings() });
});
// The server ends when it is told to, not when nobody measures it any more.
process.channel?.unref();

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, peakMiB: process.resourceUsage().maxRSS / 1024 };
}

async function holdings(): Promise<Holdings> {
  v8.setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  for (let i = 0; i < COLLECTIONS; i++) {
    collect();
    await new Promise(setImmediate);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const count = (name: string) => resources.filter((resource) => resource === name).length;
  return {
    heapBytes: heapUsed,
    externalBytes: external,
    residentBytes: rss,
    sockets: count("TCPSocketWrap"),
    timers: count("Timeout"),
    h2Connections: await instances("connection.js", "H2Connection"),
    h2Streams: await instances("stream.js", "H2Stream"),
  };
}

/** How many objects of a class of the engine there are. The class is reached by its file, as no entry exports it. */
async function instances(file: string, name: string): Promise<number> {
  const classes = await import(new URL(`./h2/${file}`, import.meta.resolve("@routeguide/grpc")).href);
  return v8.queryObjects(classes[name], { format: "count" });
}
