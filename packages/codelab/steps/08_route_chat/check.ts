import { Chat, freshPoint } from "../../src/check/chat-checks.js";
import type { Step } from "../../src/check/step.js";

const AT = { file: "service.ts", line: /\brouteChat\b|Step 8:/ };
/** The constant MAX_NOTES of service.ts. */
const KEPT = 64;

export const step: Step = {
  title: "RouteChat: two streams in one call",
  minutes: 8,
  files: ["server.ts", "service.ts"],
  needs: "programs",
  checks: [
    {
      title: "a note comes back at once, while the stream stays open",
      async run(lab) {
        const chat = await Chat.open(await lab.traveller(), AT);
        chat.say("A deer on the road", freshPoint());
        await chat.hears(["A deer on the road"], "Ann does not hear her own note");
        await chat.leave();
      },
    },
    {
      title: "notes that were left elsewhere do not come",
      async run(lab) {
        const chat = await Chat.open(await lab.traveller(), AT);
        const [here, there] = [freshPoint(), freshPoint()];
        chat.say("here", here);
        await chat.hears(["here"], "Notes of another point come as well");
        chat.say("there", there);
        await chat.hears(["there"], "Notes of another point come as well");
        await chat.leave();
      },
    },
    {
      title: "each note brings all that were left at its point, oldest first",
      async run(lab) {
        const chat = await Chat.open(await lab.traveller(), AT);
        const point = freshPoint();
        chat.say("one", point);
        await chat.hears(["one"], "Ann does not hear her own note");
        chat.say("two", point);
        await chat.hears(["one", "two"], "The notes at a point come in the wrong order, or not all of them");
        chat.say("three", point);
        await chat.hears(["one", "two", "three"], "The notes at a point come in the wrong order, or not all of them");
        await chat.leave();
      },
    },
    {
      title: "points that only look alike are told apart",
      async run(lab) {
        const chat = await Chat.open(await lab.traveller(), AT);
        chat.say("at 1, 12", { latitude: 1, longitude: 12 });
        await chat.hears(["at 1, 12"], "Ann does not hear her own note");
        for (const [latitude, longitude] of [
          [11, 2],
          [12, 1],
          [1, -12],
          [-1, 12],
        ] as const) {
          chat.say(`at ${latitude}, ${longitude}`, { latitude, longitude });
          await chat.hears([`at ${latitude}, ${longitude}`], "Two different points are taken for the same");
        }
        await chat.leave();
      },
    },
    {
      title: "what one traveller has left, the next one finds",
      async run(lab) {
        const point = freshPoint();
        const ann = await Chat.open(await lab.traveller("Ann"), AT);
        ann.say("from Ann", point);
        await ann.hears(["from Ann"], "Ann does not hear her own note");
        await ann.leave();
        const bob = await Chat.open(await lab.traveller("Bob"), AT);
        bob.say("from Bob", point);
        await bob.hears(["from Ann", "from Bob"], "Bob does not find the note that Ann has left");
        await bob.leave();
      },
    },
    {
      title: `at most ${KEPT} notes are kept at a point: nobody can fill the server's memory`,
      async run(lab) {
        const point = freshPoint();
        const ann = await lab.traveller("Ann");
        const notes = Array.from({ length: KEPT + 6 }, (_, i) => ({ location: point, message: `note ${i}` }));
        for await (const _ of ann.client.routeChat(notes));
        const bob = await Chat.open(await lab.traveller("Bob"), AT);
        bob.say("from Bob", point);
        const kept = [...notes.map(({ message }) => message), "from Bob"].slice(-KEPT);
        await bob.hears(kept, `The newest ${KEPT} notes of a point should be kept, and no more`);
        await bob.leave();
      },
    },
  ],
};
