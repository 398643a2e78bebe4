import { noteStoreSuite } from "../../test/note-store-suite.js";
import { MemoryNoteStore } from "./memory-note-store.js";

const place = { open: async () => new MemoryNoteStore(), async [Symbol.asyncDispose]() {} };

noteStoreSuite("Notes in memory", async () => place, { lasting: "memory ends with the store" });
