// The menu flow in XState. Each line on standard input is a number of conversations; the answer is
// the seconds they took, without and with the state kept as text after every event.
import { createInterface } from "node:readline";
import { assign, createActor, setup } from "xstate";

const say = (text) => assign({ out: ({ context }) => [...context.out, text(context)] });
const machine = setup({
  guards: {
    known: ({ event }) => event.key === "1" || event.key === "2",
    three: ({ event }) => event.key === "3",
    again: ({ context }) => context.retries < 2,
    gold: ({ context }) => context.found.tier === "gold",
    open: () => true,
  },
}).createMachine({
  initial: "welcome",
  context: { out: [], retries: 0, values: { name: "Ann" }, found: {}, key: "", queue: null },
  states: {
    welcome: { entry: say(({ values }) => `Welcome ${values.name}`), always: "menu" },
    menu: {
      entry: say(() => "Press 1, 2 or 3"),
      on: {
        KEY: [
          { guard: "known", target: "known", actions: assign({ key: ({ event }) => event.key }) },
          { guard: "three", target: "bye" },
          {
            guard: "again",
            target: "menu",
            reenter: true,
            actions: assign({ retries: ({ context }) => context.retries + 1 }),
          },
          { target: "bye" },
        ],
      },
    },
    known: {
      entry: assign({
        values: ({ context }) => ({ ...context.values, choice: context.key, lang: "en-US" }),
      }),
      always: "hours",
    },
    hours: { always: [{ guard: "open", target: "lookup" }, { target: "bye" }] },
    lookup: { entry: assign({ found: () => ({ tier: "gold", id: 7 }) }), always: "branch" },
    branch: { always: [{ guard: "gold", target: "transfer" }, { target: "transfer" }] },
    transfer: { entry: assign({ queue: "sales" }), always: "bye" },
    bye: { type: "final" },
  },
});

const keys = ["9", "8", "2"];

function talk() {
  const actor = createActor(machine).start();
  for (const key of keys) actor.send({ type: "KEY", key });
  return actor.getSnapshot();
}

function talkKept() {
  let kept = JSON.stringify(createActor(machine).start().getPersistedSnapshot());
  for (const key of keys) {
    const actor = createActor(machine, { snapshot: JSON.parse(kept) }).start();
    actor.send({ type: "KEY", key });
    kept = JSON.stringify(actor.getPersistedSnapshot());
  }
  return JSON.parse(kept);
}

for (const way of [talk, talkKept]) {
  const end = way();
  if (end.status !== "done" || end.context.queue !== "sales") throw new Error(way.name);
  for (let warm = 0; warm < 3000; warm++) way();
}
for await (const line of createInterface({ input: process.stdin })) {
  const [name, times] = line.split(" ");
  const way = name === "kept" ? talkKept : talk;
  const begin = performance.now();
  for (let n = 0; n < Number(times); n++) way();
  console.log((performance.now() - begin) / 1000 / Number(times));
}
