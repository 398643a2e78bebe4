import type { DescMethod } from "@bufbuild/protobuf";
import { PROTO } from "../../src/build/contract.js";
import { lineOf } from "../../src/check/contract-checks.js";
import type { Lab } from "../../src/check/lab.js";
import { Miss } from "../../src/check/miss.js";
import type { Step } from "../../src/check/step.js";
import { RouteGuide } from "../../src/gen/routeguide/route_guide_pb.js";

export const step: Step = {
  title: "The service: four kinds of call",
  minutes: 4,
  files: [PROTO],
  needs: "contract",
  checks: [
    {
      title: "the package is routeguide, and has a service RouteGuide",
      async run(lab) {
        const file = await lab.contract();
        const at = { file: PROTO, line: /^package|^service|Step 2:/ };
        if (file.proto.package !== "routeguide") {
          throw new Miss("The package has another name", {
            expected: "package routeguide;",
            seen: file.proto.package || "no package",
            at,
          });
        }
        if (!file.services.some(({ name }) => name === "RouteGuide")) {
          throw new Miss("The service RouteGuide is missing", {
            expected: "service RouteGuide { ... }",
            at: { file: PROTO, line: /Step 2:|^service/ },
          });
        }
      },
    },
    ...RouteGuide.methods.map((wanted) => ({
      title: `${wanted.name} takes and gives what the contract says`,
      run: async (lab: Lab) => {
        const service = (await lab.contract()).services.find(({ name }) => name === "RouteGuide");
        const method = service?.methods.find(({ name }) => name === wanted.name);
        if (method === undefined) {
          throw new Miss(`The service has no method ${wanted.name}`, {
            expected: lineFor(wanted),
            seen: service?.methods.map(({ name }) => name).join(", ") || "no methods",
            at: { file: PROTO, line: /^service/ },
          });
        }
        expectMethod(method, wanted);
      },
    })),
    {
      title: "there is nothing more in it",
      async run(lab) {
        const service = (await lab.contract()).services.find(({ name }) => name === "RouteGuide");
        const extra = service?.methods.find(({ name }) => !RouteGuide.methods.some((method) => method.name === name));
        if (extra !== undefined) {
          throw new Miss(`The contract has no method ${extra.name}`, {
            expected: RouteGuide.methods.map(({ name }) => name).join(", "),
            at: lineOf(extra.name),
          });
        }
      },
    },
  ],
};

/** @throws {Miss} */
function expectMethod(method: DescMethod, wanted: DescMethod): void {
  const { name } = wanted;
  const details = { expected: lineFor(wanted), seen: lineFor(method), at: lineOf(name) };
  if (method.input.name !== wanted.input.name || method.output.name !== wanted.output.name) {
    throw new Miss(`${name} has the wrong messages`, details);
  }
  const [sends, gets] = [streamsIn(method), streamsOut(method)];
  const [shouldSend, shouldGet] = [streamsIn(wanted), streamsOut(wanted)];
  if (shouldSend && !sends) throw new Miss(`${name} takes one request: it should take a stream`, details);
  if (!shouldSend && sends) throw new Miss(`${name} takes a stream: it should take one request`, details);
  if (shouldGet && !gets) throw new Miss(`${name} gives one response: it should give a stream`, details);
  if (!shouldGet && gets) throw new Miss(`${name} gives a stream: it should give one response`, details);
}

const streamsIn = ({ methodKind }: DescMethod) => methodKind === "client_streaming" || methodKind === "bidi_streaming";
const streamsOut = ({ methodKind }: DescMethod) => methodKind === "server_streaming" || methodKind === "bidi_streaming";

/** A method as the .proto file says it. */
function lineFor(method: DescMethod): string {
  const input = `${streamsIn(method) ? "stream " : ""}${method.input.name}`;
  const output = `${streamsOut(method) ? "stream " : ""}${method.output.name}`;
  return `rpc ${method.name}(${input}) returns (${output});`;
}
