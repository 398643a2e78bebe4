import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { Command, PLACES } from "./command.js";
import { temporaryFolder } from "./temporary-folder.js";

const UNIT = readFileSync(new URL("../../deploy/routeguide.service", import.meta.url), "utf8");
/** What is the program there, for Node. */
const PROGRAM = /^\/usr\/bin\/node \/opt\/routeguide\/node_modules\/(routeguide\/\S+) /;

/** The values that the unit gives to a name, in their order. */
const valuesOf = (name: string): string[] =>
  UNIT.split("\n").flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));

suite("the unit for systemd", () => {
  test("starts a server, which keeps its notes in the service's own folder and ends well when it is stopped", async () => {
    await using state = await temporaryFolder();
    const [line = ""] = valuesOf("ExecStart");
    const args = line.replace(PROGRAM, "").replaceAll("%S", state.path).split(" ");
    const env = Object.fromEntries(valuesOf("Environment").map((setting) => setting.split("=") as [string, string]));
    await using server = new Command(args, {
      env: { ...env, ROUTEGUIDE_LISTEN: "127.0.0.1:0", ROUTEGUIDE_PLACES: PLACES },
    });
    const [entry] = await server.until("stderr", /^.*"msg":"serving".*$/m);
    const [folder = ""] = valuesOf("StateDirectory");
    assert.equal(JSON.parse(entry).notes, join(state.path, folder, "notes"));
    server.child.kill("SIGTERM");
    assert.equal(await server.exitCode(), 0);
  });

  test("names the program where the package has it, and the exit code of a wrong setting", async () => {
    const [, program] = PROGRAM.exec(valuesOf("ExecStart")[0] ?? "") ?? [];
    const { name, bin } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    assert.equal(program, `${name}/${bin.routeguide}`);
    await using wrong = new Command(["serve"], { env: { ROUTEGUIDE_LISTEN: "nowhere" } });
    assert.deepEqual(valuesOf("RestartPreventExitStatus"), [String(await wrong.exitCode())]);
  });
});
