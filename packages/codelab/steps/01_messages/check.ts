import { PROTO } from "../../src/build/contract.js";
import { expectMessage } from "../../src/check/contract-checks.js";
import type { Step } from "../../src/check/step.js";

const MESSAGES = ["Point", "Rectangle", "Feature", "RouteNote", "RouteSummary"];

export const step: Step = {
  title: "Messages: what is said",
  minutes: 5,
  files: [PROTO],
  needs: "contract",
  checks: MESSAGES.map((name) => ({
    title: `the message ${name} is the contract's`,
    run: async (lab) => expectMessage(await lab.contract(), name),
  })),
};
