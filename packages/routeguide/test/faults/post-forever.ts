// node post-forever.js FOLDER NAME: posts notes from four streams without end, and prints each note that one of them was sent, once it was.
import { writeSync } from "node:fs";
import { NoteBoard } from "../../src/notes/note-board.js";
import { LevelNoteStore } from "../../src/stores/level-note-store.js";
import { batchOf, takeAll, type Written } from "../note-fixtures.js";

const [folder = "", name = ""] = process.argv.slice(2);
const board = await NoteBoard.open({ store: await LevelNoteStore.open(folder) });

await Promise.all(
  [0, 1, 2, 3].map(async (stream) => {
    const mailbox = board.join();
    for (let i = 0; ; i += 5) {
      const notes = Array.from({ length: 5 }, (_, j): Written => [stream % 2, i + j, `${name}:${stream}:${i + j}`]);
      await board.post(batchOf(notes, mailbox));
      // Straight to the pipe: what was printed before the kill is not lost with the process.
      writeSync(1, `${takeAll(mailbox).map(String).join("\n")}\n`);
    }
  }),
);
