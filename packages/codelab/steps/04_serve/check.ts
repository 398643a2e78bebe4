import { Code, codeName } from "@routeguide/grpc";
import { Miss } from "../../src/check/miss.js";
import type { Step } from "../../src/check/step.js";

const SERVICE = { file: "server.ts", line: /\.service\(|createServer|Step 4:/ };

export const step: Step = {
  title: "Start a server",
  minutes: 5,
  files: ["server.ts"],
  needs: "programs",
  checks: [
    {
      title: "the server listens on the port that PORT names",
      async run(lab) {
        await lab.server();
      },
    },
    {
      title: "it speaks gRPC, and knows the service RouteGuide",
      async run(lab) {
        await using ann = await lab.traveller();
        const call = await ann.open("getFeature");
        call.send({ latitude: 0, longitude: 0 });
        call.halfClose();
        await call.until(() => call.outcome !== undefined);
        const { outcome } = call;
        if (outcome === undefined) throw new Miss("The server does not answer", { at: SERVICE });
        if (outcome.kind === "reset") throw new Miss("The server broke the call off", { at: SERVICE });
        if (outcome.code === Code.Unimplemented && outcome.message.startsWith("there is no method")) {
          throw new Miss("The server has no service RouteGuide", {
            expected: "the service is added before the server listens",
            seen: `${codeName(outcome.code)}: ${outcome.message}`,
            at: SERVICE,
          });
        }
      },
    },
    {
      title: "it prints where it listens",
      async run(lab) {
        const { program, port } = await lab.server();
        if (program.output.text.includes(String(port))) return;
        throw new Miss("The server does not say where it listens", {
          expected: `a line with the address, which ends in ${port}`,
          seen: program.output.text.trim() || "no output",
          at: { file: "server.ts", line: /listen\(/ },
        });
      },
    },
  ],
};
