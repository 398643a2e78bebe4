/** Programs as learners write them on a bad day: each gets its own clear message, and leaves neither a process nor a broken lab. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeProgress } from "../project/progress.js";
import { packageRoot, treeAt } from "../project/tree.js";
import { writeProject } from "../project/write-tree.js";
import { hasEscapes, Running, tooWide } from "./command.js";
import { leftNaming } from "./leftovers.js";
import type { Tell } from "./walk.js";

/** Looked at while step 5 is checked: it has one handler. */
const STEP = 5;
const LAB = join(packageRoot, "bin/lab.js");
/** Characters from the end of what the lab said that a complaint shows: some of these programs say very much. */
const SHOWN = 4_000;
/** Programs that are tried at the same time. */
const WORKERS = 2;

interface Case {
  readonly title: string;
  /** Changes one of the files of the solution of step 5. */
  readonly file: "server.ts" | "service.ts" | "client.ts" | "tsconfig.json" | "routeguide/route_guide.proto";
  /** Default: the file is deleted. */
  readonly change?: (text: string) => string;
  /** Default "check". */
  readonly command?: "check" | "run";
  /** Ctrl-C is pressed when this was printed. */
  readonly interruptAt?: string;
  readonly says: string;
  readonly code: number;
}

const before = (code: string) => (text: string) => `${code}\n${text}`;
const after = (code: string) => (text: string) => `${text}\n${code}\n`;
const instead = (code: string) => () => `${code}\nexport {};\n`;
/** The first thing that getFeature does. */
const inCall = (code: string) => (text: string) =>
  text.replace("getFeature(point) {", `getFeature(point) {\n${code}\n`);
/** A child that is in no group of ours, and holds the program's output open. */
const LEAVES_CHILD = `import { spawn } from "node:child_process";
spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", import.meta.url], { detached: true, stdio: "inherit" }).unref();`;

const CASES: readonly Case[] = [
  {
    title: "it hangs before it listens",
    file: "server.ts",
    change: before("for (;;);"),
    says: "server.ts is in a loop that never ends, and listens nowhere",
    code: 1,
  },
  {
    title: "it waits for ever and listens nowhere",
    file: "server.ts",
    change: instead("setInterval(() => {}, 1000);"),
    says: "The server runs, but listens nowhere",
    code: 1,
  },
  {
    title: "it crashes at its start",
    file: "server.ts",
    change: before('throw new Error("not today");'),
    says: "server.ts crashed before it listened",
    code: 1,
  },
  {
    title: "it crashes in a call",
    file: "service.ts",
    change: inCall('setImmediate(() => { throw new Error("not today"); });'),
    says: "The server crashed",
    code: 1,
  },
  {
    title: "it exits in a call, as if all were well",
    file: "service.ts",
    change: inCall("process.exit(0);"),
    says: "The server crashed",
    code: 1,
  },
  {
    title: "it never comes back from a call",
    file: "service.ts",
    change: inCall("for (;;);"),
    says: "GetFeature is in a loop that never ends: the server answers nobody",
    code: 1,
  },
  {
    title: "it prints without end",
    file: "server.ts",
    change: before('for (;;) console.log("x".repeat(1000));'),
    says: "server.ts printed more than 1 MB and was stopped",
    code: 1,
  },
  {
    title: "it prints without end, and no line either",
    file: "service.ts",
    change: inCall('for (;;) process.stdout.write("x".repeat(1000));'),
    says: "The server printed more than 1 MB and was stopped",
    code: 1,
  },
  {
    title: "it fills its memory",
    file: "server.ts",
    change: before("const all: number[][] = []; for (;;) all.push(new Array(1_000_000).fill(0));"),
    says: "server.ts crashed before it listened",
    code: 1,
  },
  {
    title: "it listens on another port",
    file: "server.ts",
    change: (text) => text.replace("{ port }", "{ port: 0 }"),
    says: "The server listens on another port than the one it was told",
    code: 1,
  },
  {
    title: "it has a type error",
    file: "service.ts",
    change: after("const wrong: number = 'text';"),
    says: "TypeScript found an error",
    code: 1,
  },
  {
    title: "it does not parse",
    file: "service.ts",
    change: after("}}} ((("),
    says: "TypeScript found an error",
    code: 1,
  },
  {
    title: "the compiler has no configuration that it understands",
    file: "tsconfig.json",
    change: () => "{ nonsense",
    says: "TypeScript found an error",
    code: 1,
  },
  {
    title: "a file of the learner's is gone",
    file: "service.ts",
    says: "service.ts is not there any more",
    code: 1,
  },
  {
    title: "the contract is gone",
    file: "routeguide/route_guide.proto",
    says: "routeguide/route_guide.proto is not there any more",
    code: 1,
  },
  {
    title: "lab run: the client is gone",
    command: "run",
    file: "client.ts",
    says: "client.ts is not there any more",
    code: 1,
  },
  {
    title: "it starts a program of its own and forgets it",
    file: "server.ts",
    change: before(LEAVES_CHILD),
    says: `Step ${STEP} is done`,
    code: 0,
  },
  {
    title: "it starts a program of its own, and crashes",
    file: "server.ts",
    change: (text) => `${LEAVES_CHILD}\nthrow new Error("not today");\n${text}`,
    says: "server.ts crashed before it listened",
    code: 1,
  },
  {
    title: "it does not let itself be stopped",
    file: "server.ts",
    change: after('for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => {});'),
    says: `Step ${STEP} is done`,
    code: 0,
  },
  {
    title: "it talks to the lab itself",
    file: "server.ts",
    change: after('for (const message of [0, "text", {}, { kind: "answer", id: 0 }]) process.send?.(message);'),
    says: `Step ${STEP} is done`,
    code: 0,
  },
  {
    title: "lab run: the server does not let itself be stopped",
    command: "run",
    file: "server.ts",
    change: after('for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => {});'),
    says: "The client has ended.",
    code: 0,
  },
  {
    title: "lab run: the server crashes at its start",
    command: "run",
    file: "server.ts",
    change: before('throw new Error("not today");'),
    says: "server.ts crashed before it listened",
    code: 1,
  },
  {
    title: "lab run: the server crashes later",
    command: "run",
    file: "server.ts",
    change: after('setImmediate(() => { throw new Error("not today"); });'),
    says: "The server ended with exit code 1.",
    code: 1,
  },
  {
    title: "lab run: the client crashes",
    command: "run",
    file: "client.ts",
    change: instead('throw new Error("not today");'),
    says: "The client ended with exit code 1.",
    code: 0,
  },
  {
    title: "lab run: the client prints without end",
    command: "run",
    file: "client.ts",
    change: instead('for (;;) console.log("x".repeat(1000));'),
    says: "The client printed more than 1 MB and was stopped.",
    code: 0,
  },
  {
    title: "lab run: the client never ends, until Ctrl-C ends both",
    command: "run",
    file: "client.ts",
    change: instead('console.log("begun"); for (;;);'),
    interruptAt: "client | begun",
    says: "RouteGuide listens on",
    code: 0,
  },
  {
    title: "lab check is interrupted",
    file: "service.ts",
    change: inCall("for (;;);"),
    interruptAt: "of ",
    says: `Step ${STEP} of`,
    code: 130,
  },
];

export async function tryHostile(tell: Tell): Promise<void> {
  const waiting = [...CASES];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await tryCase(next);
        tell(`hostile: ${next.title}`, undefined);
      } catch (error) {
        tell(`hostile: ${next.title}`, error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
}

async function tryCase({ file, change, command = "check", interruptAt, says, code }: Case): Promise<void> {
  mkdirSync(join(packageRoot, ".cache"), { recursive: true });
  const project = mkdtempSync(join(packageRoot, ".cache/hostile-"));
  try {
    writeProject(project, treeAt(STEP));
    writeProgress(project, { done: [], skipped: [], given: [1, 2, 3, 4], hints: {} });
    const path = join(project, file);
    if (change === undefined) rmSync(path);
    else writeFileSync(path, change(readFileSync(path, "utf8")));
    const lab = new Running(process.execPath, [LAB, command], { cwd: project, env: process.env });
    if (interruptAt !== undefined) {
      await lab.printed(interruptAt);
      lab.signal("SIGINT");
    }
    const shown = await lab.ended;
    const last = shown.text.slice(-SHOWN);
    assert.ok(shown.text.includes(says), `the lab does not say "${says}":\n${last}`);
    assert.equal(shown.code, code, last);
    assert.deepEqual(tooWide(shown.text), []);
    assert.ok(!hasEscapes(shown.text));
    assert.doesNotMatch(shown.text, /dist.src.(?:cli|check|run|view)/, "the lab shows a stack of its own");
    // What a program has started names the project, and so does whatever it has left.
    assert.deepEqual(await leftNaming(project), [], "no process is left behind");
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}
