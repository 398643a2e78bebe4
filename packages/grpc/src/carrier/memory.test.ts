import { exchangeSuite } from "../../test/exchange-suite.js";
import { memoryPair } from "./memory.js";

exchangeSuite("memory", async (accept, options) => {
  const connection = memoryPair(accept, options);
  return {
    connection,
    cut: () => connection.close(),
    [Symbol.asyncDispose]: async () => connection.close(),
  };
});
