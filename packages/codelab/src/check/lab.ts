/** What a check may use: the learner's programs, and hidden peers for them. Everything ends with the check, the server with the step. */
import type { DescFile } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@routeguide/grpc";
import { type Contract, PROTO, readContract } from "../build/contract.js";
import type { RouteGuide } from "../gen/routeguide/route_guide_pb.js";
import { Recording } from "../wire/recording.js";
import { ClientRun } from "./client-run.js";
import { LearnerServer, type ServerOptions } from "./learner-server.js";
import { Miss, type Suspect } from "./miss.js";
import { runScript, type ScriptEnded } from "./script-run.js";
import { Traveller } from "./traveller.js";

export class Lab implements AsyncDisposable {
  /** The learner's folder. */
  readonly project: string;
  /** What happened on the wire since the check began. */
  recording = new Recording();
  /** The client that was started last in this check. */
  clientRun: ClientRun | undefined;
  #server: { readonly options: string; readonly running: LearnerServer } | undefined;
  #contract: Promise<Contract> | undefined;
  readonly #open: AsyncDisposable[] = [];

  constructor(project: string) {
    this.project = project;
  }

  /** The server that runs, if one does. */
  get running(): LearnerServer | undefined {
    return this.#server?.running;
  }

  /**
   * The learner's .proto file, as it is when this is first asked for.
   *
   * @throws {Miss} if it does not compile
   */
  async contract(): Promise<DescFile> {
    this.#contract ??= readContract(this.project);
    const contract = await this.#contract;
    if ("file" in contract) return contract.file;
    const [first] = contract.diagnostics;
    throw new Miss(`${PROTO} does not compile`, {
      printed: contract.output,
      // A compiler notices it only by what follows.
      ...(first?.text.startsWith("unexpected") && { expected: "a ; after each field, often after the one before" }),
      ...(first !== undefined && { seen: `line ${first.line}: ${first.text}`, at: { file: PROTO, line: first.line } }),
    });
  }

  /** The learner's server: one for all checks of a step that want the same. Starts it if it does not run. */
  async server(options: ServerOptions = {}): Promise<LearnerServer> {
    const wanted = JSON.stringify(options);
    if (this.#server?.options === wanted && this.#server.running.program.end === undefined) return this.#server.running;
    await this.#server?.running[Symbol.asyncDispose]();
    this.#server = undefined;
    const running = await LearnerServer.start(this.project, options);
    this.#server = { options: wanted, running };
    return running;
  }

  /** A client with a connection of its own. Without a server given, of the one for all checks. */
  async traveller(name = "Ann", server?: LearnerServer): Promise<Traveller> {
    const { address } = server ?? this.running ?? (await this.server());
    return this.use(new Traveller(name, address, this.recording));
  }

  /**
   * Starts the learner's client against a server with these handlers.
   *
   * @param address `host:port`, to send it somewhere else
   */
  async client(handlers: ServiceImpl<typeof RouteGuide>, address?: string): Promise<ClientRun> {
    this.clientRun = this.use(await ClientRun.start(this.project, handlers, this.recording, address));
    return this.clientRun;
  }

  /**
   * Runs another script of the project to its end, by its name when it is compiled.
   *
   * @throws {Miss} if it does not end
   */
  script(name: string, at: Suspect, env: Readonly<Record<string, string>> = {}): Promise<ScriptEnded> {
    return runScript(this.project, name, at, env);
  }

  /** Breaks the connections of all travellers of this check, and ends its clients. */
  async closeTravellers(): Promise<void> {
    for (const resource of this.#open.splice(0).reverse()) await resource[Symbol.asyncDispose]();
  }

  /** Ends this with the check. */
  use<T extends AsyncDisposable>(resource: T): T {
    this.#open.push(resource);
    return resource;
  }

  /** Between two checks: closes what the last one opened. */
  async nextCheck(): Promise<void> {
    await this.closeTravellers();
    this.clientRun = undefined;
    this.recording = new Recording();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.nextCheck();
    await this.#server?.running[Symbol.asyncDispose]();
  }
}
