import { Chat, freshPoint } from "../../src/check/chat-checks.js";
import type { Lab } from "../../src/check/lab.js";
import { Miss } from "../../src/check/miss.js";
import { settles } from "../../src/check/settles.js";
import type { Step } from "../../src/check/step.js";

const AT = { file: "service.ts", line: /\brouteChat\b|Step 9:/ };
const FOUND = "A newcomer does not hear, once each, the notes that were left before";

export const step: Step = {
  title: "Shared notes: streams that hear each other",
  minutes: 8,
  files: ["server.ts", "service.ts"],
  needs: "programs",
  checks: [
    {
      title: "a note reaches a traveller who has been at its point, and says nothing",
      async run(lab) {
        const point = freshPoint();
        const bob = await arrive(lab, "Bob", freshPoint());
        const ann = await arrive(lab, "Ann", point);
        bob.say("Bob is here", point);
        await bob.hears(["from Ann", "Bob is here"], FOUND);
        await ann.hears(["Bob is here"], "Ann, whose chat is open, does not hear Bob's note");
        await bob.leave();
        await ann.leave();
      },
    },
    {
      title: "it does not reach those who have never been there",
      async run(lab) {
        const here = freshPoint();
        const ann = await arrive(lab, "Ann", here);
        const bob = await arrive(lab, "Bob", freshPoint());
        bob.say("Bob is here", here);
        // The order is kept, so whatever had come of there would come first.
        await ann.hears(["Bob is here"], "Ann hears notes of a point where she has never been");
        await bob.hears(["from Ann", "Bob is here"], FOUND);
        await bob.leave();
        await ann.leave();
      },
    },
    {
      title: "many notes come in their order, each once, to everybody",
      async run(lab) {
        const point = freshPoint();
        const ann = await arrive(lab, "Ann", point);
        const eve = await arrive(lab, "Eve", point, ["from Ann"]);
        await ann.hears(["from Eve"], "Ann, whose chat is open, does not hear Eve's note");
        const bob = await Chat.open(await lab.traveller("Bob"), AT);
        const said = Array.from({ length: 20 }, (_, i) => `note ${i}`);
        for (const message of said) bob.say(message, point);
        await ann.hears(said, "Ann does not hear each of Bob's notes once and in their order");
        await eve.hears(said, "Eve does not hear each of Bob's notes once and in their order");
        bob.call.cancel();
        await ann.leave();
        await eve.leave();
      },
    },
    {
      title: "a traveller who leaves is let go, though the others stay",
      async run(lab) {
        const point = freshPoint();
        const bob = await arrive(lab, "Bob", freshPoint());
        const ann = await arrive(lab, "Ann", point);
        await ann.leave();
        bob.say("Bob is here", point);
        await bob.hears(["from Ann", "Bob is here"], "The chat does not go on when one of two has left");
        await bob.leave();
      },
    },
    {
      title: "nothing is left of a traveller whose connection broke",
      async run(lab) {
        const server = await lab.server();
        const counts = () => server.ask("mailboxes");
        const alive = await server.ask("resources");
        const point = freshPoint();
        const bob = await arrive(lab, "Bob", point);
        const before = await counts();
        const ann = await arrive(lab, "Ann", point, ["from Bob"]);
        await bob.hears(["from Ann"], "Bob, whose chat is open, does not hear Ann's note");
        ann.call.cancel();
        const isGone = await settles(async () => (await counts()).reading <= before.reading);
        if (!isGone) throw new Miss("A traveller has gone, and their RouteChat still runs", { ...HOW, at: AT });
        bob.say("once more", point);
        await bob.hears(["from Bob", "from Ann", "once more"], "The chat does not go on when a connection breaks");
        if ((await counts()).late > before.late) {
          throw new Miss("Notes are still put into the mailbox of a traveller who has gone", { ...HOW, at: AT });
        }
        await bob.leave();
        await lab.closeTravellers();
        const left = async () => surplus(await server.ask("resources"), alive);
        if (await settles(async () => (await left()).length === 0)) return;
        throw new Miss("All travellers have gone, and something still runs for them", {
          ...HOW,
          seen: (await left()).join(", "),
          at: AT,
        });
      },
    },
  ],
};

/**
 * A traveller who opens a chat and leaves a first note, "from Ann", at a point: the server knows of them then.
 *
 * @param found the notes that were left there before
 * @throws {Miss} unless those come, and their own
 */
async function arrive(
  lab: Lab,
  name: string,
  point: ReturnType<typeof freshPoint>,
  found: readonly string[] = [],
): Promise<Chat> {
  const chat = await Chat.open(await lab.traveller(name), AT);
  const note = `from ${name}`;
  chat.say(note, point);
  await chat.hears(
    [...found, note],
    found.length === 0 ? `${name} does not hear the note that ${name} has left` : FOUND,
  );
  return chat;
}

const HOW = { expected: "what a call has begun is ended in a finally, however the call ends" };

/** What there is more of than before. */
function surplus(now: readonly string[], before: readonly string[]): string[] {
  const rest = [...before];
  return now.filter((name) => {
    const at = rest.indexOf(name);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
