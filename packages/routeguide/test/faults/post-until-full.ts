// node post-until-full.js FOLDER: posts large notes until one is refused, then one more. Prints, as JSON, what became of each.
import { NoteBoard } from "../../src/notes/note-board.js";
import { NoteStoreError } from "../../src/notes/note-store.js";
import { LevelNoteStore } from "../../src/stores/level-note-store.js";
import { batchOf, takeAll } from "../note-fixtures.js";

const [folder = ""] = process.argv.slice(2);
await using board = await NoteBoard.open({ store: await LevelNoteStore.open(folder) });
const mailbox = board.join();
const kept: string[] = [];
const refused: { message: string; fault: string; sent: number }[] = [];

for (let i = 0; refused.length === 0; i++) {
  await post(`${i} ${"and on ".repeat(500)}`);
}
await post("after the refusal");
console.log(JSON.stringify({ kept, refused }));

async function post(message: string): Promise<void> {
  try {
    await board.post(batchOf([[kept.length, 0, message]], mailbox));
    kept.push(message);
    takeAll(mailbox);
  } catch (error) {
    if (!(error instanceof NoteStoreError)) throw error;
    refused.push({ message, fault: error.fault, sent: takeAll(mailbox).length });
  }
}
