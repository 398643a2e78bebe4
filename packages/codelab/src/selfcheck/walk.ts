/**
 * Walks through the whole lab as a new user does: makes the project with `npm create routeguide@latest`, from packed tarballs and into
 * a temporary folder, and takes one step after the other with the commands that a learner has, up to `lab run`.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../project/tree.js";
import { STEPS } from "../steps.js";
import { applyDiff } from "./apply-diff.js";
import { hasEscapes, type Place, Running, runCommand, runOnTerminal, type Shown, tooWide } from "./command.js";
import { leftNaming } from "./leftovers.js";
import { type Packed, Registry } from "./registry.js";

/** Tells how something went: undefined for well, or what is wrong. */
export type Tell = (title: string, complaint: string | undefined) => void;

/** Where npm keeps what it has fetched, from one walk to the next. */
const NPM_CACHE = join(packageRoot, ".cache/npm");
/** Nobody listens there: what asks for a registry, or goes through a proxy, fails. */
const NOWHERE = "http://127.0.0.1:9";
/** What `lab watch` says when it has checked. */
const WAITS = "Save a file, and it is checked again.";
/** How long a walk through all steps may take. */
const WATCH_PATIENCE_MS = 900_000;
const npm = (command: string) => (process.platform === "win32" ? `${command}.cmd` : command);

export async function walk(tell: Tell): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "routeguide-walk-")));
  const walker = new Walker(folder, tell);
  try {
    await walker.walk();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Walker {
  readonly #folder: string;
  readonly #project: string;
  readonly #tell: Tell;
  #env: NodeJS.ProcessEnv;

  constructor(folder: string, tell: Tell) {
    this.#folder = folder;
    this.#project = join(folder, "my-routeguide");
    this.#tell = tell;
    // npm tells its scripts, such as this, what they should not tell a user's npm.
    const env = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== "NO_COLOR");
    this.#env = { ...Object.fromEntries(env), npm_config_yes: "true", npm_config_update_notifier: "false" };
  }

  async walk(): Promise<void> {
    await this.#try("npm create routeguide@latest makes the project, from the tarballs", () => this.#create());
    // Once installed, nothing needs a network.
    const nowhere = { npm_config_registry: NOWHERE, HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE };
    this.#env = { ...this.#env, ...nowhere, npm_config_offline: "true" };
    await this.#try("lab without a command says what to do now", () => this.#welcome());
    await this.#try("lab hint gives three hints, one after the other", () => this.#hints());
    for (const [i] of STEPS.entries()) {
      await this.#try(`step ${i + 1} fails, its solution passes, and the next one is up`, () => this.#step(i + 1));
    }
    await this.#try("lab status knows that all is done", () => this.#finished());
    await this.#try("lab run runs both programs to the client's end", () => this.#run());
    await this.#try("lab skip and lab reset move through the lab, and keep what was there", () => this.#skipAndReset());
    await this.#try("lab view shows what lab check does in another terminal", () => this.#view());
    await this.#try("lab watch follows from save to save through the whole lab", () => this.#watch());
    await this.#try("on a terminal there are colours, within 80 columns", () => this.#terminal());
    await this.#try("npm run server and npm run client work without the lab", () => this.#scripts());
  }

  get #here(): Place {
    return { cwd: this.#project, env: this.#env };
  }

  async #try(title: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
      assert.deepEqual(await leftNaming(this.#folder), [], "no process is left behind");
      this.#tell(title, undefined);
    } catch (error) {
      this.#tell(`walk: ${title}`, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  async #create(): Promise<void> {
    const packed = ["grpc", "codelab"].map((name) => pack(join(packageRoot, "..", name), this.#folder));
    const upstream = execFileSync(npm("npm"), ["config", "get", "registry"], {
      encoding: "utf8",
      env: this.#env,
    }).trim();
    await using registry = await Registry.start(packed, upstream);
    // What npx has installed for an earlier walk is out of date.
    rmSync(join(NPM_CACHE, "_npx"), { recursive: true, force: true });
    mkdirSync(NPM_CACHE, { recursive: true });
    this.#env = { ...this.#env, npm_config_cache: NPM_CACHE };
    const env = { ...this.#env, npm_config_registry: registry.url };
    const place = { cwd: this.#folder, env };
    const { code, text, stdout } = await runCommand(
      npm("npm"),
      ["create", "routeguide@latest", "my-routeguide"],
      place,
    );
    assert.equal(code, 0, text);
    assert.match(text, /^RouteGuide is in my-routeguide\.$/m);
    fits(stdout);
  }

  async #welcome(): Promise<void> {
    const { text } = await this.#lab([]);
    assert.match(text, /^now +1 /m);
    assert.match(text, new RegExp(`^Step 1 of ${STEPS.length}: `, "m"));
    assert.match(text, /npx lab check/);
  }

  async #hints(): Promise<void> {
    const hints: string[] = [];
    for (const number of [1, 2, 3]) {
      const { stdout } = await this.#lab(["hint"]);
      assert.match(stdout, new RegExp(`^Hint ${number} of 3 to step 1$`, "m"));
      hints.push(stdout);
    }
    assert.equal(new Set(hints).size, 3);
  }

  async #step(number: number): Promise<void> {
    const failed = await this.#lab(["check"], 1);
    assert.match(failed.stdout, new RegExp(`^Step ${number} of `));
    assert.match(failed.stdout, /^x /m);
    await this.#solve();
    const passed = await this.#lab(["check"]);
    assert.match(passed.stdout, new RegExp(`^Step ${number} is done\\.$`, "m"));
    const next = number === STEPS.length ? /You have built RouteGuide/ : new RegExp(`^Step ${number + 1} of `, "m");
    assert.match(passed.stdout, next);
  }

  async #finished(): Promise<void> {
    const { stdout } = await this.#lab(["status"]);
    assert.equal(stdout.match(/^done /gm)?.length, STEPS.length);
    assert.match(stdout, /You have built RouteGuide/);
  }

  async #run(): Promise<void> {
    const { stdout } = await this.#lab(["run"]);
    assert.match(stdout, /^server \| RouteGuide listens on /m);
    assert.match(stdout, /^client \| Patriots Path/m);
    assert.match(stdout, /^The client has ended\.$/m);
    assert.match(stdout, /^ Your client: RouteChat +your server$/m);
  }

  async #skipAndReset(): Promise<void> {
    const before = readFileSync(join(this.#project, "service.ts"), "utf8");
    const reset = await this.#lab(["reset", "1"]);
    const backup = /in (\S+)\.$/m.exec(reset.stdout)?.[1] ?? "";
    assert.equal(readFileSync(join(this.#project, backup, "service.ts"), "utf8"), before);
    assert.match((await this.#lab(["skip"])).stdout, /^Step 1 is skipped/);
    assert.match((await this.#lab(["status"])).stdout, /^skipped +1 /m);
    await this.#lab(["reset", "3"]);
    assert.match((await this.#lab(["status"])).stdout, /^given +2 /m);
    await this.#lab(["reset", "1"]);
  }

  async #view(): Promise<void> {
    const view = new Running(npm("npx"), ["lab", "view"], this.#here);
    try {
      const address = /Open (\S+) in your browser/;
      await view.printed(address);
      const events = await fetch(`${address.exec(view.text)?.[1]}events`);
      const told = events.body?.pipeThrough(new TextDecoderStream()).getReader();
      const hears = async (wanted: RegExp) => {
        for (let text = ""; !wanted.test(text); ) {
          const chunk = await told?.read();
          assert.ok(chunk?.done === false, `the page is not told ${wanted}: ${text}`);
          text += chunk.value;
        }
      };
      await hears(/"type":"idle"/);
      await this.#lab(["check"], 1);
      await hears(/"type":"job".*"type":"failed".*"type":"idle"/s);
      await told?.cancel();
    } finally {
      view.signal("SIGINT");
      fits((await view.ended).stdout);
    }
    assert.ok(!existsSync(join(this.#project, ".lab/view.json")), "nobody looks for a page that has gone");
  }

  /** Saves each solution while `lab watch` looks on, and says how long each verdict took. */
  async #watch(): Promise<void> {
    const watch = new Running(npm("npx"), ["lab", "watch"], this.#here, WATCH_PATIENCE_MS);
    try {
      const took: string[] = [];
      for (const [i] of STEPS.entries()) {
        const from = watch.text.length;
        if (i === 0) await watch.printed(WAITS);
        await this.#solve();
        const savedMs = performance.now();
        await watch.printed(`Step ${i + 1} is done.`, from);
        took.push(`${i + 1}: ${Math.round(performance.now() - savedMs)} ms`);
        if (i + 1 < STEPS.length) await watch.printed(WAITS, watch.text.lastIndexOf("is done."));
      }
      const { code, stdout } = await watch.ended;
      assert.equal(code, 0);
      fits(stdout);
      console.log(`lab watch, from save to verdict: ${took.join(", ")}`);
    } finally {
      watch.signal("SIGKILL");
    }
  }

  async #terminal(): Promise<void> {
    await this.#lab(["reset", "5"]);
    for (const line of ["npx lab", "npx lab check", "npx lab hint"]) {
      const shown = await runOnTerminal(line, this.#here);
      if (shown === undefined) {
        console.log("not looked at: what a terminal shows, for want of script from util-linux");
        return;
      }
      assert.ok(line === "npx lab hint" || hasEscapes(shown.text), `${line} has no colours on a terminal`);
      assert.deepEqual(tooWide(shown.text), [], line);
    }
  }

  async #scripts(): Promise<void> {
    await this.#lab(["reset", String(STEPS.length)]);
    await this.#solve();
    assert.equal((await runCommand(npm("npm"), ["run", "generate"], this.#here)).code, 0);
    const env = { ...this.#env, PORT: "0" };
    const server = new Running(npm("npm"), ["run", "server"], { cwd: this.#project, env });
    try {
      const listens = /listens on (?:http:\/\/)?(127\.0\.0\.1:\d+)/;
      await server.printed(listens);
      const address = `http://${listens.exec(server.text)?.[1]}`;
      const place = { cwd: this.#project, env: { ...this.#env, ROUTEGUIDE: address } };
      const client = await runCommand(npm("npm"), ["run", "client"], place);
      assert.equal(client.code, 0, client.text);
      assert.match(client.stdout, /^Patriots Path/m);
    } finally {
      server.signal("SIGINT");
      await server.ended;
    }
  }

  /** Takes over what `lab diff` shows. */
  async #solve(): Promise<void> {
    const { stdout } = await this.#lab(["diff"]);
    assert.notDeepEqual(applyDiff(this.#project, stdout), []);
  }

  async #lab(args: readonly string[], code = 0): Promise<Shown> {
    const shown = await runCommand(npm("npx"), ["lab", ...args], this.#here);
    assert.equal(shown.code, code, `lab ${args.join(" ")}:\n${shown.text}`);
    fits(shown.stdout);
    return shown;
  }
}

/** @throws {Error} if a line is wider than 80 columns, or something has colours although nobody sees them */
function fits(text: string): void {
  assert.deepEqual(tooWide(text), []);
  assert.ok(!hasEscapes(text), "there are colours where there is no terminal");
}

function pack(folder: string, into: string): Packed {
  const args = ["pack", "--json", "--pack-destination", into];
  const [packed] = JSON.parse(
    execFileSync(npm("npm"), args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  ) as { filename: string }[];
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Packed["manifest"];
  // Some versions of npm name the file with its scope.
  const filename = (packed?.filename ?? "").replace("@", "").replace("/", "-");
  return { manifest, tarball: join(into, filename) };
}
