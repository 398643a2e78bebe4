import { noteBusSuite } from "../../test/note-bus-suite.js";
import { LocalNoteBus } from "./note-bus.js";

noteBusSuite("The bus of one process", async () => {
  const bus = new LocalNoteBus();
  return { buses: [bus, bus], async [Symbol.asyncDispose]() {} };
});
