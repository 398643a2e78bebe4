import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeCertificate } from "./certificate.js";
import { makeData } from "./data.js";
import { openLoad } from "./load.js";
import { measure, type Sample } from "./measure.js";
import { report } from "./report.js";
import { ServerProcess } from "./server-process.js";
import type { NodeServer, ServerUnderTest } from "./servers.js";
import type { Workload } from "./workloads.js";

interface Plan {
  /** For what the servers read. */
  readonly folder: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly tls: boolean;
}

/** A server that is there. */
type Ready = NodeServer | (ServerUnderTest & { readonly program: string });

/** Measures servers by turns. Resolves to a report in Markdown. */
export async function compareServers(
  wanted: readonly ServerUnderTest[],
  workloads: readonly Workload[],
  { folder, rounds, seconds, tls }: Plan,
): Promise<string> {
  const servers = await whatIsThere(wanted, tls);
  const certificate = tls ? makeCertificate(folder) : undefined;
  const tlsArgs = certificate && ["--tls-cert", certificate.certFile, "--tls-key", certificate.keyFile];
  const places = join(folder, "places.json");
  const data = makeData();
  writeFileSync(places, JSON.stringify(data.features));
  const samples: Sample[] = [];
  const peaks = new Map<string, number>();
  for (let round = 1; round <= rounds; round++) {
    for (const server of servers) {
      console.error(`round ${round} of ${rounds}: ${server.name}`);
      peaks.set(server.name, Math.max(await visit(server), peaks.get(server.name) ?? 0));
    }
  }
  const names = servers.map(({ name }) => name);
  const memory = [...peaks].map(([name, peak]) => `- ${name}: ${Math.round(peak)}`);
  return [report(names, workloads, samples), "", "Peak resident memory in MiB:", ...memory].join("\n");

  async function visit(server: Ready): Promise<number> {
    const args = [...server.args.map((arg) => arg.replaceAll("{places}", places)), ...(tlsArgs ?? [])];
    await using process =
      "program" in server
        ? await ServerProcess.startProgram(server.program, args)
        : await ServerProcess.start(server.script, args);
    await using load = openLoad(process.port, data, certificate?.text);
    for (const workload of workloads) {
      if (server.without?.includes(workload.name)) continue;
      await workload.check(load);
      samples.push(await measure(server.name, process, load, workload, seconds));
    }
    return (await process.usage()).peakMiB;
  }
}

/** Builds what must be built. Says of each server that is left out why. */
async function whatIsThere(wanted: readonly ServerUnderTest[], tls: boolean): Promise<Ready[]> {
  const ready: Ready[] = [];
  for (const server of wanted) {
    if (tls && server.speaksTls !== true) {
      console.error(`without ${server.name}: it serves no TLS here`);
    } else if ("script" in server) {
      ready.push(server);
    } else {
      const built = await server.build();
      if ("program" in built) ready.push({ ...server, ...built });
      else console.error(`without ${server.name}: ${built.missing}`);
    }
  }
  return ready;
}
